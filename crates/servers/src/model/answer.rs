//! The summaries of a cooperative model.

use serde_json::{Value, json};

use super::request::Request;

/// How many bullets it writes.
const MOST: usize = 5;
/// How many characters each of them has at most.
const LONG: usize = 80;

/// About five of the given items, evenly spaced, with their `seq`s.
pub(crate) fn summary(request: &Request) -> String {
    let mut found = Vec::new();
    for text in request.texts() {
        if let Ok(data) = serde_json::from_str::<Value>(text) {
            collect(&data, &mut found);
        }
    }
    let stride = found.len().div_ceil(MOST).max(1);
    let bullets: Vec<Value> = found.into_iter().step_by(stride).collect();
    let told = bullets.iter().filter_map(|it| it.get("text")?.as_str());
    let summary = format!("This was said: {}", told.collect::<Vec<_>>().join("; "));
    // In the order of the schema, as a real model writes it: the text for people comes first.
    format!(
        r#"{{"summary":{},"bullets":{}}}"#,
        json!(summary),
        json!(bullets)
    )
}

/// Collects everything in the data that has a text and one or several `seq`s.
fn collect(data: &Value, found: &mut Vec<Value>) {
    match data {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(fields) => {
            let one = fields.get("seq").map(|seq| json!([seq]));
            let seqs = one.or_else(|| fields.get("seqs").cloned());
            let text = fields.get("text").and_then(Value::as_str);
            if let (Some(seqs), Some(text)) = (seqs, text) {
                let text: String = text.chars().take(LONG).collect();
                found.push(json!({ "text": text, "seqs": seqs }));
            } else {
                fields.values().for_each(|field| collect(field, found));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_is_told_with_its_places() {
        let data = json!({
            "before": [{ "bullets": [{ "text": "old", "seqs": [1, 3] }] }],
            "messages": [{ "seq": 7, "text": "new" }, { "seq": 8 }],
        });
        let messages = json!([
            { "role": "system", "content": "Summarise." },
            { "role": "user", "content": data.to_string() },
        ]);
        let request = Request {
            authorization: None,
            body: json!({ "messages": messages }),
        };
        let answer: Value = serde_json::from_str(&summary(&request)).unwrap();
        let bullets = json!([{ "text": "old", "seqs": [1, 3] }, { "text": "new", "seqs": [7] }]);
        assert_eq!(answer.get("bullets"), Some(&bullets));
    }
}
