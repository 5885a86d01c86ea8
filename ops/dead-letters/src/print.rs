//! What is shown: colours and progress on terminals only, JSON on request.

use crate::api::Failure;
use anstream::{eprint, eprintln, println};
use anstyle::{AnsiColor, Style};
use serde_json::Value;
use std::io::{IsTerminal, stderr};

const BAD: Style = AnsiColor::Red.on_default().bold();
const QUIET: Style = AnsiColor::BrightBlack.on_default();

pub(crate) fn failure(failure: &Failure) {
    eprintln!("{BAD}error:{BAD:#} {failure}");
}

/// One value on one line.
pub(crate) fn json(value: &Value) {
    println!("{value}");
}

/// One letter of a list.
pub(crate) fn row(letter: &Value) {
    let text = |name: &str| letter[name].as_str().unwrap_or("-").to_owned();
    println!(
        "{}  {:<8} {:<17} {:<10} {}×  {}{}  {QUIET}{}{QUIET:#}",
        text("id"),
        text("app"),
        text("reason"),
        text("state"),
        letter["attempts"],
        letter["code"].as_str().map(|code| format!("{code}: ")).unwrap_or_default(),
        text("detail"),
        text("lastAt"),
    );
}

/// One letter, with its message and its history.
pub(crate) fn letter(letter: &Value) {
    for name in [
        "id",
        "app",
        "state",
        "reason",
        "code",
        "detail",
        "profileId",
        "subject",
        "revision",
        "queue",
        "function",
        "form",
        "attempts",
        "firstAt",
        "lastAt",
    ] {
        match &letter[name] {
            Value::Null => {}
            Value::String(text) => println!("{name:>10}  {text}"),
            other => println!("{name:>10}  {other}"),
        }
    }
    let message = letter["message"].as_str().unwrap_or_default();
    let value: Result<Value, _> = serde_json::from_str(message);
    println!("\n{}\n", value.map_or_else(|_| message.to_owned(), |value| format!("{value:#}")));
    for action in letter["actions"].as_array().into_iter().flatten() {
        let text = |name: &str| action[name].as_str().unwrap_or_default().to_owned();
        println!(
            "{QUIET}{}{QUIET:#}  {} by {} {}",
            text("at"),
            text("what"),
            text("by"),
            text("why")
        );
    }
}

/// Names and values, one a line.
pub(crate) fn fields(value: &Value) {
    for (name, value) in value.as_object().into_iter().flatten() {
        match value {
            Value::Null => {}
            Value::String(text) => println!("{name:>16}  {text}"),
            Value::Object(inner) if inner.contains_key("count") => {
                let more = if inner["orMore"] == true { " or more" } else { "" };
                println!("{name:>16}  {}{more}", inner["count"]);
            }
            other => println!("{name:>16}  {other}"),
        }
    }
}

/// Something that people see and programs do not.
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}

/// A letter that stays open.
pub(crate) fn failed(id: &str, problem: &str) {
    eprintln!("{BAD}not done{BAD:#} {id}: {problem}");
}

/// How far a long command is; on terminals only.
pub(crate) fn progress(text: &str) {
    if stderr().is_terminal() {
        eprint!("\r{QUIET}{text}{QUIET:#}\x1b[K");
    }
}

/// Takes the progress away.
pub(crate) fn progress_ends() {
    if stderr().is_terminal() {
        eprint!("\r\x1b[K");
    }
}
