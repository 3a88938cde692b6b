//! The contents of a Slack export.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

pub(super) fn write(folder: &Path, name: &str, contents: &Value) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, contents.to_string()).unwrap();
}

pub(super) fn person(id: &str, name: &str) -> Value {
    json!({ "id": id, "name": name, "profile": {
        "email": format!("{name}@example.org"), "real_name": "", "display_name": name } })
}

pub(super) fn message(user: &str, text: &str, ts: &str) -> Value {
    json!({ "type": "message", "user": user, "text": text, "ts": ts })
}

pub(super) fn with(mut message: Value, more: Value) -> Value {
    if let Value::Object(more) = more {
        message.as_object_mut().unwrap().extend(more);
    }
    message
}

/// Three people, one of them without an address and one who has left all channels; a channel with
/// two days, an archived one, a private one, and what two and three people wrote among themselves.
pub(super) fn export(folder: &Path) {
    let users = [
        person("U1", "ana"),
        person("U2", "ben"),
        json!({ "id": "U3", "name": "x", "profile": {} }),
    ];
    write(folder, "users.json", &json!(users));
    let channels = json!([
        { "id": "C1", "name": "general", "created": 1_600_000_000, "creator": "U1",
          "members": ["U1", "U2"], "purpose": { "value": "Everything &amp; more" },
          "pins": [{ "id": "1600000003.000100" }] },
        { "id": "C2", "name": "closed", "created": 1_600_000_000, "creator": "U1",
          "members": [], "is_archived": true },
    ]);
    write(folder, "channels.json", &channels);
    let secret = json!({ "id": "G1", "name": "secret", "created": 1_600_000_100,
        "creator": "U2", "members": ["U2"] });
    write(folder, "groups.json", &json!([secret]));
    let group = json!({ "id": "G2", "name": "mpdm-ana--ben--x-1", "created": 1_600_000_100,
        "members": ["U1", "U2", "U3"] });
    write(folder, "mpims.json", &json!([group]));
    let direct = json!({ "id": "D1", "created": 1_600_000_200, "members": ["U1", "U2"] });
    write(folder, "dms.json", &json!([direct]));
    days(folder);
}

fn days(folder: &Path) {
    let joined = message("U1", "joined", "1600000001.000100");
    let hello = message("U1", "hello <@U2> &amp; all :tada:", "1600000002.000100");
    let thread = json!({ "thread_ts": "1600000002.000100" });
    let first = json!([
        with(joined, json!({ "subtype": "channel_join" })),
        with(with(hello, thread.clone()), json!({ "reactions": [
            { "name": "wave", "users": ["U2", "U9"] }, { "name": "our-own", "users": ["U2"] }] })),
        with(message("U2", "hi", "1600000003.000100"), thread),
        with(message("U3", "a guest", "1600000004.000100"), json!({ "thread_ts": "1.0" })),
        with(message("U2", "better", "1600000005.000100"),
            json!({ "edited": { "user": "U2", "ts": "1600000065.000000" } })),
        { "type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "Builds",
          "text": null, "attachments": [{ "fallback": "build 7 failed" }], "ts": "1600000006.000100" },
    ]);
    write(folder, "general/2020-09-13.json", &first);
    let long = message("U1", &"x".repeat(8_001), "1600090000.000100");
    let second = json!([with(long, json!({ "files": [{ "name": "plan.pdf" }] }))]);
    write(folder, "general/2020-09-14.json", &second);
    let old = json!([message("U2", "so long", "1600000010.000100")]);
    write(folder, "closed/2020-09-13.json", &old);
    // Somebody who was removed from it had posted there once.
    let secret = json!([message("U1", "psst", "1600000150.000100")]);
    write(folder, "secret/2020-09-13.json", &secret);
    let direct = json!([message("U2", "between us", "1600000300.000100")]);
    write(folder, "D1/2020-09-13.json", &direct);
}
