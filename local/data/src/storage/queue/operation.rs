//! Which operation a request asks for, and what its sender must be allowed.

use http::Method;

use crate::storage::{
    authorization::{Requirement, ResourceType},
    call::Call,
    code,
    failure::{Failure, not_implemented},
    names,
    query::decode,
};

/// An operation of the queue service, by the name that Microsoft's REST reference gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    ListQueues,
    GetServiceProperties,
    SetServiceProperties,
    GetUserDelegationKey,
    CreateQueue,
    DeleteQueue,
    GetQueueMetadata,
    SetQueueMetadata,
    GetQueueAcl,
    SetQueueAcl,
    PutMessage,
    GetMessages,
    PeekMessages,
    ClearMessages,
    UpdateMessage,
    DeleteMessage,
}

/// What a request is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) operation: Operation,
    /// "" for operations on the account.
    pub(super) queue: String,
    /// "" for all but operations on one message.
    pub(super) message: String,
}

impl Address {
    /// Reads the request's method, path and `comp`.
    pub(super) fn of(call: &Call) -> Result<Self, Failure> {
        let segments: Vec<&str> = call.resource.trim_end_matches('/').split('/').collect();
        let comp = call.query.text("comp");
        let (operation, queue, message) = match segments[..] {
            [""] => (on_account(call, comp)?, "", ""),
            [queue] => (on_queue(call, comp)?, queue, ""),
            [queue, "messages"] => (on_messages(call)?, queue, ""),
            [queue, "messages", id] => (on_message(call)?, queue, id),
            _ => return Err(code::INVALID_URI.into()),
        };
        let address = Self { operation, queue: decode(queue)?, message: decode(message)? };
        if !queue.is_empty() {
            names::check_queue(&address.queue)?;
        }
        Ok(address)
    }
}

fn on_account(call: &Call, comp: &str) -> Result<Operation, Failure> {
    match (&call.method, comp, call.query.text("restype")) {
        (&Method::GET, "list", "") => Ok(Operation::ListQueues),
        (&Method::GET, "properties", "service") => Ok(Operation::GetServiceProperties),
        (&Method::PUT, "properties", "service") => Ok(Operation::SetServiceProperties),
        (&Method::POST, "userdelegationkey", "service") => Ok(Operation::GetUserDelegationKey),
        (_, "stats", _) => Err(not_implemented("Get Queue Service Stats")),
        _ => Err(code::INVALID_URI.into()),
    }
}

fn on_queue(call: &Call, comp: &str) -> Result<Operation, Failure> {
    match (&call.method, comp) {
        (&Method::PUT, "") => Ok(Operation::CreateQueue),
        (&Method::DELETE, "") => Ok(Operation::DeleteQueue),
        (&(Method::GET | Method::HEAD), "metadata") => Ok(Operation::GetQueueMetadata),
        (&Method::PUT, "metadata") => Ok(Operation::SetQueueMetadata),
        (&(Method::GET | Method::HEAD), "acl") => Ok(Operation::GetQueueAcl),
        (&Method::PUT, "acl") => Ok(Operation::SetQueueAcl),
        (_, "" | "metadata" | "acl") => Err(code::UNSUPPORTED_HTTP_VERB.into()),
        (_, other) => Err(not_implemented(&format!("comp={other} of a queue"))),
    }
}

fn on_messages(call: &Call) -> Result<Operation, Failure> {
    match call.method {
        Method::POST => Ok(Operation::PutMessage),
        Method::GET if call.query.text("peekonly").eq_ignore_ascii_case("true") => {
            Ok(Operation::PeekMessages)
        }
        Method::GET => Ok(Operation::GetMessages),
        Method::DELETE => Ok(Operation::ClearMessages),
        _ => Err(code::UNSUPPORTED_HTTP_VERB.into()),
    }
}

fn on_message(call: &Call) -> Result<Operation, Failure> {
    match call.method {
        Method::PUT => Ok(Operation::UpdateMessage),
        Method::DELETE => Ok(Operation::DeleteMessage),
        _ => Err(code::UNSUPPORTED_HTTP_VERB.into()),
    }
}

impl Operation {
    /// What a signature must allow.
    pub(super) fn requirement(self) -> Requirement {
        use ResourceType::{Container, Object, Service};
        let (resource, account, service) = match self {
            Self::ListQueues => (Service, "l", ""),
            Self::GetServiceProperties => (Service, "r", ""),
            Self::SetServiceProperties => (Service, "w", ""),
            Self::GetUserDelegationKey => (Service, "", ""),
            Self::CreateQueue => (Container, "cw", ""),
            Self::DeleteQueue => (Container, "d", ""),
            Self::GetQueueMetadata => (Container, "r", "r"),
            Self::SetQueueMetadata => (Container, "w", ""),
            Self::GetQueueAcl | Self::SetQueueAcl => (Container, "", ""),
            Self::PutMessage => (Object, "a", "a"),
            Self::GetMessages | Self::DeleteMessage => (Object, "p", "p"),
            Self::PeekMessages => (Object, "r", "r"),
            Self::ClearMessages => (Object, "d", ""),
            Self::UpdateMessage => (Object, "u", "u"),
        };
        Requirement { resource, account, service }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::call::tests::call;

    #[test]
    fn requests_are_told_apart() {
        let of =
            |method, uri| Address::of(&call(method, uri, &[])).map(|address| address.operation);
        assert_eq!(of("GET", "/devstoreaccount1?comp=list").unwrap(), Operation::ListQueues);
        assert_eq!(of("PUT", "/devstoreaccount1/jobs").unwrap(), Operation::CreateQueue);
        assert_eq!(
            of("PUT", "/devstoreaccount1/jobs?comp=metadata").unwrap(),
            Operation::SetQueueMetadata
        );
        assert_eq!(of("GET", "/devstoreaccount1/jobs/messages").unwrap(), Operation::GetMessages);
        assert_eq!(
            of("GET", "/devstoreaccount1/jobs/messages?peekonly=true").unwrap(),
            Operation::PeekMessages
        );
        assert_eq!(
            of("DELETE", "/devstoreaccount1/jobs/messages/1").unwrap(),
            Operation::DeleteMessage
        );
        assert_eq!(
            of("PATCH", "/devstoreaccount1/jobs").unwrap_err().code(),
            code::UNSUPPORTED_HTTP_VERB
        );
        assert_eq!(
            of("GET", "/devstoreaccount1/Jobs/messages").unwrap_err().code(),
            code::INVALID_RESOURCE_NAME
        );
        assert_eq!(
            of("GET", "/devstoreaccount1/jobs/other").unwrap_err().code(),
            code::INVALID_URI
        );
        assert_eq!(
            of("GET", "/devstoreaccount1/jobs?comp=lease").unwrap_err().code(),
            code::NOT_IMPLEMENTED
        );
    }
}
