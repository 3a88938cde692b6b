//! Who may read the metrics.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use domain::Failure;
use domain::port::Probe;
use web::MetricsToken;

use crate::house::{Plan, per_minute};

fn plan() -> Plan {
    let mut plan = Plan::new();
    plan.metrics = Arc::new(|| "messages 7\n".to_owned());
    plan
}

fn plan_with_token() -> Plan {
    let mut plan = plan();
    plan.options.metrics_token = Some(MetricsToken::from_string("hunter2".to_owned()));
    plan
}

#[actix_web::test]
async fn this_machine_reads_what_was_counted() {
    let house = plan().open();
    let told = house.ask("GET", "/metrics").send().await;
    assert_eq!(told.status, 200);
    assert_eq!(told.body, b"messages 7\n");
    let form = "text/plain; version=0.0.4; charset=utf-8";
    assert_eq!(told.header("content-type"), form);
    assert_eq!(told.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn whatever_was_handed_on_is_not_of_this_machine() {
    for trusted in [vec![], vec!["127.0.0.1/32".parse().unwrap()]] {
        let mut plan = plan();
        plan.options.trusted_proxies = trusted;
        let house = plan.open();
        for (name, value) in [
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-proto", "https"),
            ("forwarded", "for=203.0.113.9"),
            ("x-real-ip", "203.0.113.9"),
            ("via", "1.1 proxy"),
        ] {
            let told = house
                .ask("GET", "/metrics")
                .header(name, value)
                .send()
                .await;
            told.refuses(403, "forbidden");
        }
    }
}

#[actix_web::test]
async fn whoever_has_the_token_reads_from_anywhere() {
    let house = plan_with_token().open();
    let from_elsewhere = |token: &str| {
        let asked = house.ask("GET", "/metrics");
        asked.header("x-forwarded-for", "203.0.113.9").token(token)
    };
    assert_eq!(from_elsewhere("hunter2").send().await.status, 200);
    for wrong in ["hunter", "hunter22", "Hunter2", "x"] {
        from_elsewhere(wrong).send().await.refuses(403, "forbidden");
    }
    assert_eq!(house.ask("GET", "/metrics").send().await.status, 200);
}

#[actix_web::test]
async fn somebody_who_is_signed_in_is_nobody_here() {
    let house = plan_with_token().open();
    let ana = house.person("ana").await;
    let asked = house.ask("GET", "/metrics").token(&ana.token);
    let told = asked.header("x-forwarded-for", "203.0.113.9").send().await;
    told.refuses(403, "forbidden");
}

#[actix_web::test]
async fn reading_is_counted_against_no_limit() {
    let mut plan = plan();
    plan.limits.anonymous = per_minute(1);
    let house = plan.open();
    for _ in 0..3 {
        let told = house.ask("GET", "/metrics").send().await;
        assert_eq!(told.status, 200);
    }
}

/// Counts how often it is checked.
#[derive(Default)]
struct Counted(AtomicUsize);

#[async_trait]
impl Probe for Counted {
    fn name(&self) -> &'static str {
        "store"
    }

    async fn check(&self) -> Result<(), Failure> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

#[actix_web::test]
async fn backends_are_asked_once_for_health_and_metrics() {
    let mut plan = plan();
    let probe = Arc::new(Counted::default());
    plan.probes = vec![Arc::<Counted>::clone(&probe)];
    let house = plan.open();
    for path in ["/health/ready", "/metrics", "/metrics"] {
        assert_eq!(house.ask("GET", path).send().await.status, 200);
    }
    assert_eq!(probe.0.load(Ordering::SeqCst), 1);
}
