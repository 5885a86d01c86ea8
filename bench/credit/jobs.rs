//! Jobs as `credit` would send them, for `measure.py`: `jobs COUNT PATHS` writes a JSON list of blobs and messages.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a measurement may fail loudly and says its numbers"
)]
#![allow(dead_code, reason = "not everybody is asked for")]

#[path = "../../functions/scoring/tests/people/mod.rs"]
mod people;

use base64::{Engine, engine::general_purpose::STANDARD};
use people::person;
use sealing::{DataKey, WrappingKeys};
use serde_json::{Value, json};

/// That of the app's app.json.
const KEYS: &str = "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDE=";

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u32>().unwrap());
    let (count, paths) = (arguments.next().unwrap(), arguments.next().unwrap());
    let keys: WrappingKeys = KEYS.parse().unwrap();
    let jobs: Vec<Value> =
        (0..count).map(|number| job(&keys, &format!("job-{paths}-{number}"), paths)).collect();
    println!("{}", Value::Array(jobs));
}

fn job(keys: &WrappingKeys, assessment: &str, paths: u32) -> Value {
    let key = DataKey::generate().unwrap();
    let sealed = key.seal(assessment, &person("freelancer").to_bytes()).unwrap();
    let path = format!("{assessment}/1/activity");
    let key = keys.wrap(&key, assessment).unwrap();
    json!({
        "id": assessment, "path": path, "sealed": STANDARD.encode(sealed),
        "message": {
            "specversion": "1.0", "id": format!("{assessment}-1"), "source": "/credit",
            "type": "com.iommi.credit.activity-stored.v1", "subject": assessment, "time": "2026-11-29T08:00:00Z",
            "data": {
                "attempt": 1, "path": path, "key": key, "scorecard": "2026-11", "paths": paths,
                "deadline": "2199-01-01T00:00:00Z",
            },
        },
    })
}
