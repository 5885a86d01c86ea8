//! Who may do what: the account's owner everything, the holder of a shared access signature what it says, and
//! nobody else anything. There is no anonymous access, as in a storage account that disallows public access.

use http::HeaderMap;
use jiff::Timestamp;

use super::{
    call::Call,
    code,
    failure::{CHALLENGE, Failure, unauthenticated},
    query::Query,
    sas, shared_key,
};
use crate::Service;

/// What an operation works on, in the words of an account SAS (`srt`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResourceType {
    /// `s`: lists of containers or queues, keys, properties of the account.
    Service,
    /// `c`: a container or queue itself.
    Container,
    /// `o`: blobs and messages.
    Object,
}

/// What a signature must allow for an operation.
///
/// Source: the tables "Account SAS permissions by operation" and "Service SAS permissions" of the REST reference.
#[derive(Clone, Copy, Debug)]
pub(super) struct Requirement {
    pub(super) resource: ResourceType,
    /// An account SAS must hold one of these letters; none at all means that only the owner may.
    pub(super) account: &'static str,
    /// A service or user delegation SAS must hold one of these letters.
    pub(super) service: &'static str,
}

/// The thing that a request names.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Target<'a> {
    /// A container's or queue's name.
    pub(super) container: Option<&'a str>,
    /// A blob's name.
    pub(super) blob: Option<&'a str>,
}

/// A stored access policy: what a signature that names it does not say itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Policy {
    /// Its name, as `si` gives it.
    pub(super) id: String,
    /// As `st`.
    pub(super) start: String,
    /// As `se`.
    pub(super) expiry: String,
    /// As `sp`.
    pub(super) permissions: String,
}

/// Where a signature is presented: a request, or the source address of a copy.
#[derive(Clone, Copy)]
pub(super) struct Presented<'a> {
    pub(super) query: &'a Query,
    pub(super) headers: &'a HeaderMap,
    pub(super) now: Timestamp,
    pub(super) service: Service,
    pub(super) target: Target<'a>,
}

/// What a request may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// The account's key was used.
    Owner,
    /// These permissions were granted.
    Granted(String),
}

impl Access {
    /// Whether one of these permissions is there.
    pub(super) fn allows(&self, any_of: &str) -> bool {
        match self {
            Self::Owner => true,
            Self::Granted(permissions) => permissions.contains(|c| any_of.contains(c)),
        }
    }

    /// 403 unless one of these permissions is there.
    pub(super) fn require(&self, any_of: &str) -> Result<(), Failure> {
        if self.allows(any_of) {
            Ok(())
        } else {
            Err(code::AUTHORIZATION_PERMISSION_MISMATCH.into())
        }
    }
}

/// Decides about a request. `policies` are those of the container or queue that it names.
pub(super) fn authorize(
    call: &Call,
    service: Service,
    target: Target<'_>,
    requirement: Requirement,
    policies: impl FnOnce() -> Vec<Policy>,
) -> Result<Access, Failure> {
    if let Some(authorization) = call.header("authorization") {
        return match authorization.split_once(' ') {
            Some(("SharedKey", credentials)) => {
                shared_key::check(call, false, credentials).map(|()| Access::Owner)
            }
            Some(("SharedKeyLite", credentials)) => {
                shared_key::check(call, true, credentials).map(|()| Access::Owner)
            }
            Some(("Bearer", _)) => Err(unauthenticated(
                "locally a bearer token is good for one thing, asking for a user delegation key; use the account key \
                 or a shared access signature",
            )),
            _ => Err(code::INVALID_AUTHENTICATION_INFO.into()),
        };
    }
    if call.query.get("sig").is_some() {
        let presented = Presented {
            query: &call.query,
            headers: &call.headers,
            now: call.now,
            service,
            target,
        };
        return sas::check(presented, requirement, policies);
    }
    Err(anonymous(call, service))
}

/// Whether the request carries a bearer token; any will do, they stand in for Entra ID's.
pub(super) fn has_bearer(call: &Call) -> bool {
    call.header("authorization")
        .is_some_and(|value| value.starts_with("Bearer ") && value.len() > "Bearer ".len())
}

fn anonymous(call: &Call, service: Service) -> Failure {
    let reads = matches!(call.method, http::Method::GET | http::Method::HEAD);
    if service == Service::Blob && reads {
        return code::PUBLIC_ACCESS_NOT_PERMITTED.into();
    }
    let (name, value) = CHALLENGE;
    Failure::from(code::NO_AUTHENTICATION_INFORMATION).header(name, value)
}
