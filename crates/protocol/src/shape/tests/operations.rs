//! How the server is.

use insta::assert_json_snapshot;

use super::scene::survives;
use crate::shape::{BackendHealth, Health, HealthStatus};

fn health(status: HealthStatus) -> Health {
    Health {
        status,
        backends: vec![BackendHealth {
            name: "store".into(),
            state: HealthStatus::Up,
            milliseconds: 3,
        }],
    }
}

#[test]
fn health_is_a_word_and_a_flag() {
    let health = health(HealthStatus::Up);
    survives(&health);
    assert_json_snapshot!(health, @r#"
    {
      "status": "ok",
      "ok": true,
      "backends": [
        {
          "name": "store",
          "state": "ok",
          "milliseconds": 3
        }
      ]
    }
    "#);
}

#[test]
fn only_a_server_that_is_down_is_not_ok() {
    for status in HealthStatus::ALL {
        let json = serde_json::to_value(health(*status)).unwrap();
        assert_eq!(json["status"], status.as_str());
        assert_eq!(json["ok"], *status != HealthStatus::Down);
    }
}
