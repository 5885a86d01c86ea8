//! Where what a step leaves behind lies.

use super::{OrderId, Step};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// The name of a payload in its container, such as `01980c6e-…/provision/1.json`: the order, the step that wrote it, and
/// in which attempt. What is written under it is never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct PayloadPath(String);

impl PayloadPath {
    /// What was ordered, as the request `by` says that made the order.
    pub(crate) fn accepted(order: OrderId, by: Uuid) -> Self {
        Self(format!("{order}/accept/{by}.json"))
    }

    /// What a step leaves behind.
    pub(crate) fn of(order: OrderId, step: Step, attempt: u32) -> Self {
        Self(format!("{order}/{step}/{attempt}.json"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PayloadPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
