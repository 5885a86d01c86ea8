//! What the page's forms do.

use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

use super::{
    json::{self, bad},
    reply::{self, Reply},
};
use crate::{Faults, Pace, intake::Machine, ledger::RestoreTo};

type Answer = Result<Reply, Box<Reply>>;

/// Fields that hold a text, not a number or a switch.
const TEXTS: [&str; 1] = ["window"];
/// The field that may be there many times.
const LIST: &str = "refuse";

pub(super) fn pace(machine: &Machine, body: &[u8]) -> Answer {
    machine.controls.set_pace(read::<Pace>(body)?.checked().map_err(bad)?);
    Ok(reply::to_the_page())
}

pub(super) fn faults(machine: &Machine, body: &[u8]) -> Answer {
    machine.controls.set_faults(read::<Faults>(body)?.checked().map_err(bad)?);
    Ok(reply::to_the_page())
}

pub(super) fn snapshot(machine: &Machine) -> Answer {
    json::kept(machine.ledger().take_snapshot())?;
    Ok(reply::to_the_page())
}

pub(super) fn restore(machine: &Machine, body: &[u8]) -> Answer {
    let to_snapshot =
        form_urlencoded::parse(body).any(|(name, value)| name == "to" && value == "snapshot");
    json::restored(machine, if to_snapshot { RestoreTo::Snapshot } else { RestoreTo::Nothing })?;
    Ok(reply::to_the_page())
}

/// A form as the JSON that a program would send: an empty field is `null`, a box that is ticked is `true`.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Box<Reply>> {
    let mut fields = Map::new();
    for (name, text) in form_urlencoded::parse(body) {
        if name == LIST {
            let list = fields.entry(LIST).or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut().into_iter().for_each(|list| list.push(Value::from(text.as_ref())));
        } else {
            fields.insert(name.clone().into_owned(), value(&name, text.trim())?);
        }
    }
    serde_json::from_value(Value::Object(fields)).map_err(|error| bad(error.to_string()))
}

fn value(name: &str, text: &str) -> Result<Value, Box<Reply>> {
    if TEXTS.contains(&name) {
        return Ok(Value::from(text));
    }
    match text {
        "" => Ok(Value::Null),
        "on" => Ok(Value::Bool(true)),
        text => text
            .parse::<Number>()
            .map(Value::Number)
            .map_err(|_| bad(format!("{name} is a number, not {text:?}"))),
    }
}
