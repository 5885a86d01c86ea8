//! One operation, in both documents.

use serde_json::Value;

use super::{Operation, content, from_us, parameters, responses, security};
use crate::{change::Report, document::Unreadable, schema::subset::Usage};

pub(super) fn compare<'a>(
    old: &Operation<'a>,
    new: &Operation<'a>,
    report: &mut Report,
) -> Result<(), Unreadable> {
    operation_id(old, new, report);
    parameters::compare(old, new, report)?;
    body(old, new, report)?;
    responses::compare(old, new, report)?;
    security::compare(old, new, report);
    from_us::callbacks(old, new, report)
}

fn operation_id(old: &Operation<'_>, new: &Operation<'_>, report: &mut Report) {
    let (before, now) = (old.value["operationId"].as_str(), new.value["operationId"].as_str());
    if let Some(before) = before
        && Some(before) != now
    {
        let what = format!("{before} → {}", now.unwrap_or("none"));
        report.add("operation-id-changed", &new.at().at("operationId"), what);
    }
}

fn body<'a>(
    old: &Operation<'a>,
    new: &Operation<'a>,
    report: &mut Report,
) -> Result<(), Unreadable> {
    let body = |operation: &Operation<'a>| {
        operation.value.get("requestBody").map(|body| operation.document.follow(body))
    };
    let required = |body: &Value| body["required"] == Value::Bool(true);
    let at = new.at().at("requestBody");
    let (before, now) = match (body(old), body(new)) {
        (Some(before), Some(now)) => (before, now),
        (None, Some(now)) => {
            let rule =
                if required(now) { "required-request-body-added" } else { "request-body-added" };
            report.add(rule, &at, "a new body".to_owned());
            return Ok(());
        }
        (Some(_), None) => {
            report.add("request-body-removed", &at, "the body is gone".to_owned());
            return Ok(());
        }
        (None, None) => return Ok(()),
    };
    let said = at.at("required");
    match (required(before), required(now)) {
        (false, true) => {
            report.add("request-body-became-required", &said, "optional → required".to_owned());
        }
        (true, false) => {
            report.add("request-body-became-optional", &said, "required → optional".to_owned());
        }
        _ => {}
    }
    let pair = ((before, old.document), (now, new.document));
    content::compare(report, Usage::Request, pair, &at.at("content"))
}
