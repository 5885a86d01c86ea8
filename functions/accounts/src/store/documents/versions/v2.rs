//! The second form: what a hold's answers were stands in one field that says it. Before, `declined: null` was an approval,
//! if `wasAnswered` said that there was an answer at all, and in an increment `answer: null` was.

use serde_json::{Map, Value};

const APPROVED: &str = "approved";

pub(super) fn upcast(document: &mut Map<String, Value>) {
    if document.get("kind").and_then(Value::as_str) != Some("hold") {
        return;
    }
    let was_answered = document.remove("wasAnswered") == Some(Value::Bool(true));
    let declined = document.remove("declined").unwrap_or_default();
    if was_answered {
        document.insert("answer".to_owned(), told(declined));
    }
    let increments = document.get_mut("increments").and_then(Value::as_array_mut);
    for increment in increments.into_iter().flatten().filter_map(Value::as_object_mut) {
        let answer = increment.remove("answer").unwrap_or_default();
        increment.insert("answer".to_owned(), told(answer));
    }
}

fn told(declined: Value) -> Value {
    if declined.is_null() { APPROVED.into() } else { declined }
}
