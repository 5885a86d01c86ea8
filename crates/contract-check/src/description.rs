//! What an app says of itself: the JSON that `<app> --describe` prints.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{path::Path, process::Command};

/// All that an app says of itself.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Description {
    /// In the order of the app's list.
    pub functions: Vec<Function>,
    /// What it reads from its environment.
    pub settings: Vec<Setting>,
    /// The kinds of problems that it can answer, the Functions library's own among them.
    pub problems: Vec<ProblemKind>,
    /// Cosmos DB containers, by whose hands they are, and what it does with each.
    pub containers: Vec<Container>,
    /// Queues and what it does with each.
    pub queues: Vec<Used>,
    /// Blob containers and what it does with each.
    pub blob_containers: Vec<Used>,
    /// Event types and whether it sends or receives each.
    pub event_types: Vec<EventType>,
    /// Event hubs and what it does with each (`send`, `trigger`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_hubs: Vec<Used>,
}

/// A function, as its `function.json` has it.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Function {
    /// The name of its folder.
    pub name: String,
    /// `http`, `queue`, `cosmosDB`, `eventGrid`, `eventHub`, `timer` or `blob`.
    pub trigger: String,
    /// As in function.json.
    pub bindings: Vec<Value>,
    /// In small letters; absent if it takes all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub methods: Option<Vec<String>>,
    /// Without a slash in front.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// Whether it answers what no other function has a route for.
    #[serde(default)]
    pub unmatched: bool,
}

/// An environment variable.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// A value that would do.
    pub example: String,
    /// Whether the app does not start without it.
    pub required: bool,
    /// What holds if it is not set.
    pub default: Option<String>,
}

/// A kind of problem.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProblemKind {
    /// The last part of its `type`.
    pub kind: String,
    /// The status code of the answer.
    pub status: u16,
    /// The same each time.
    pub title: String,
}

/// A Cosmos DB container in use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    /// The database, which bears the name of the app that owns it.
    pub database: String,
    /// The container.
    pub name: String,
    /// `read`, `write`, `feed`, `leases`.
    pub uses: Vec<String>,
}

/// A queue (`send`, `length`, `trigger`) or blob container (`read`, `write`, `trigger`) in use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Used {
    /// Its name.
    pub name: String,
    /// What the app does with it.
    pub uses: Vec<String>,
}

/// An event type in use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventType {
    /// Such as `com.iommi.profiles.erased.v1`.
    #[serde(rename = "type")]
    pub name: String,
    /// `send`, `receive`.
    pub uses: Vec<String>,
}

impl Description {
    /// Reads what `--describe` printed.
    ///
    /// # Errors
    /// It is not the JSON of a description; the error says where.
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// Asks a binary, which needs no settings for that.
    ///
    /// # Panics
    /// It does not run or prints something else.
    #[must_use]
    pub fn of(binary: &Path) -> Self {
        let told = Command::new(binary).arg("--describe").env_clear().output();
        let told = told.unwrap_or_else(|error| panic!("running {}: {error}", binary.display()));
        let (json, log) =
            (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
        assert!(told.status.success(), "{} --describe: {json}{log}", binary.display());
        Self::parse(&json)
            .unwrap_or_else(|error| panic!("{} --describe: {error}\n{json}", binary.display()))
    }
}
