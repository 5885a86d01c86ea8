//! Refusals in AMQP's words.

use fe2o3_amqp::types::{
    definitions::{AmqpError, Error, ErrorCondition, LinkError},
    primitives::Symbol,
};

use crate::event_hubs::refusal::Refusal;

/// By which a link or a message is refused.
pub(super) fn error(refusal: &Refusal) -> Error {
    let condition = match refusal {
        Refusal::NoHub(_)
        | Refusal::NoPartition { .. }
        | Refusal::NoGroup { .. }
        | Refusal::NoResource(_) => AmqpError::NotFound.into(),
        Refusal::Malformed(_) => service("argument-error"),
        Refusal::Unauthorized(_) | Refusal::Forbidden => AmqpError::UnauthorizedAccess.into(),
        Refusal::Conflict(_) => AmqpError::ResourceLimitExceeded.into(),
        Refusal::TooLarge { .. } => LinkError::MessageSizeExceeded.into(),
        Refusal::Busy { .. } => service("server-busy"),
        Refusal::Unavailable => service("timeout"),
        Refusal::Internal(_) => AmqpError::InternalError.into(),
    };
    Error::new(condition, Some(refusal.to_string()), None)
}

/// By which a reader loses its link to another.
pub(super) fn stolen(why: String) -> Error {
    Error::new(LinkError::Stolen, Some(why), None)
}

fn service(word: &str) -> ErrorCondition {
    ErrorCondition::Custom(Symbol::new(format!("com.microsoft:{word}")))
}
