//! Invoices to look at: one in each script, and a long one. Each is a merge patch of one draft.

use std::path::Path;

use invoice::{Draft, Invoice, ubl};
use invoice_pdf::{Fonts, render};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

const BASE: &str = include_str!("base.json");
const VARIANTS: &str = include_str!("variants.json");

/// A line with everything, for the long one.
const LONG_LINES: usize = 200;

pub(crate) type Failed = Box<dyn std::error::Error>;

pub(crate) fn fonts() -> Result<Fonts, Failed> {
    Ok(Fonts::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts"))?)
}

/// The picture as it is sent: with its UBL.
pub(crate) fn picture(invoice: &Invoice, fonts: &Fonts) -> Result<Vec<u8>, Failed> {
    Ok(render(invoice, fonts, Some(&ubl::write(invoice)?))?)
}

pub(crate) fn sha256(pdf: &[u8]) -> String {
    Sha256::digest(pdf).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All samples by their names.
pub(crate) fn all() -> Result<Vec<(String, Invoice)>, Failed> {
    let variants: Map<String, Value> = serde_json::from_str(VARIANTS)?;
    let mut samples = Vec::new();
    for (name, patch) in variants {
        let invoice = patched(&patch).map_err(|error| format!("{name}: {error}"))?;
        samples.push((name, invoice));
    }
    samples.push(("long".to_owned(), long()?));
    Ok(samples)
}

/// The base with a merge patch (RFC 7396) applied.
pub(crate) fn patched(patch: &Value) -> Result<Invoice, Failed> {
    let mut draft: Value = serde_json::from_str(BASE)?;
    merge(&mut draft, patch);
    let draft: Draft = serde_json::from_value(draft)?;
    Ok(draft.numbered("IOEU-2026-000042".parse()?)?)
}

/// As many lines as an invoice may have, names and notes of several lines among them.
fn long() -> Result<Invoice, Failed> {
    let lines: Vec<Value> = (1..=LONG_LINES)
        .map(|id| {
            let mut line = serde_json::json!({
                "id": id.to_string(),
                "item": format!("Night watch {id}, with the large telescope{}", " on the roof".repeat(id % 5)),
                "quantity": id,
                "unitPrice": { "amount": format!("{}.{:02}", id * 7 % 90, id % 100), "currency": "EUR" },
                "vat": { "category": "S", "rate": if id % 3 == 0 { "7" } else { "19" } },
            });
            if id % 4 == 0 {
                line["note"] = "for a school class ".repeat(id % 7 + 1).trim().into();
            }
            line
        })
        .collect();
    patched(&serde_json::json!({ "lines": lines }))
}

fn merge(target: &mut Value, patch: &Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                if value.is_null() {
                    target.remove(name);
                } else {
                    merge(target.entry(name).or_insert(Value::Null), value);
                }
            }
        }
        (target, patch) => *target = patch.clone(),
    }
}
