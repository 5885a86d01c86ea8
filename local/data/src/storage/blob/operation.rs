//! Which operation a request asks for, and what its sender must be allowed.

use http::Method;

use crate::storage::{
    authorization::{Requirement, ResourceType},
    call::Call,
    code,
    failure::{Failure, not_implemented},
    names,
};

/// An operation of the blob service, by the name that Microsoft's REST reference gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    ListContainers,
    GetServiceProperties,
    SetServiceProperties,
    GetUserDelegationKey,
    GetAccountInformation,
    CreateContainer,
    DeleteContainer,
    GetContainerProperties,
    SetContainerMetadata,
    GetContainerAcl,
    SetContainerAcl,
    LeaseContainer,
    ListBlobs,
    PutBlob,
    PutBlobFromUrl,
    CopyBlob,
    AbortCopyBlob,
    SnapshotBlob,
    PutBlock,
    PutBlockFromUrl,
    PutBlockList,
    GetBlockList,
    GetBlob,
    GetBlobProperties,
    SetBlobProperties,
    SetBlobMetadata,
    GetBlobTags,
    SetBlobTags,
    LeaseBlob,
    DeleteBlob,
}

/// What a request is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) operation: Operation,
    /// "" for operations on the account.
    pub(super) container: String,
    /// "" for all but operations on one blob.
    pub(super) blob: String,
}

impl Address {
    /// Reads the request's method, path, `restype` and `comp`.
    pub(super) fn of(call: &Call) -> Result<Self, Failure> {
        let (container, blob) = call.segments()?;
        let (restype, comp) = (call.query.text("restype"), call.query.text("comp"));
        if (restype, comp) == ("account", "properties") {
            let blob = blob.unwrap_or_default();
            return Ok(Self { operation: Operation::GetAccountInformation, container, blob });
        }
        let operation = match &blob {
            _ if container.is_empty() => on_account(call, restype, comp)?,
            None if restype == "container" => on_container(call, comp)?,
            None => {
                return Err(not_implemented(
                    "a blob in the root container without \"$root\" in its path",
                ));
            }
            Some(_) => on_blob(call, comp)?,
        };
        if !container.is_empty() {
            names::check_container(&container)?;
        }
        if let Some(blob) = &blob {
            names::check_blob(blob)?;
        }
        Ok(Self { operation, container, blob: blob.unwrap_or_default() })
    }
}

fn on_account(call: &Call, restype: &str, comp: &str) -> Result<Operation, Failure> {
    match (&call.method, restype, comp) {
        (&Method::GET, _, "list") => Ok(Operation::ListContainers),
        (&Method::GET, "service", "properties") => Ok(Operation::GetServiceProperties),
        (&Method::PUT, "service", "properties") => Ok(Operation::SetServiceProperties),
        (&Method::POST, "service", "userdelegationkey") => Ok(Operation::GetUserDelegationKey),
        (_, _, "stats") => Err(not_implemented("Get Blob Service Stats")),
        (_, _, "batch") => Err(not_implemented("Blob Batch")),
        (_, _, "blobs") => Err(not_implemented("Find Blobs by Tags")),
        _ => Err(code::INVALID_URI.into()),
    }
}

fn on_container(call: &Call, comp: &str) -> Result<Operation, Failure> {
    match (&call.method, comp) {
        (&Method::PUT, "") => Ok(Operation::CreateContainer),
        (&Method::DELETE, "") => Ok(Operation::DeleteContainer),
        (&(Method::GET | Method::HEAD), "" | "metadata") => Ok(Operation::GetContainerProperties),
        (&Method::PUT, "metadata") => Ok(Operation::SetContainerMetadata),
        (&(Method::GET | Method::HEAD), "acl") => Ok(Operation::GetContainerAcl),
        (&Method::PUT, "acl") => Ok(Operation::SetContainerAcl),
        (&Method::PUT, "lease") => Ok(Operation::LeaseContainer),
        (&Method::GET, "list") => Ok(Operation::ListBlobs),
        (_, "batch") => Err(not_implemented("Blob Batch")),
        (_, "blobs") => Err(not_implemented("Find Blobs by Tags in Container")),
        (_, "undelete") => Err(not_implemented("Restore Container")),
        (_, "" | "metadata" | "acl" | "lease" | "list") => Err(code::UNSUPPORTED_HTTP_VERB.into()),
        (_, other) => Err(not_implemented(&format!("comp={other} of a container"))),
    }
}

fn on_blob(call: &Call, comp: &str) -> Result<Operation, Failure> {
    if call.query.get("versionid").is_some() {
        return Err(not_implemented("versions of a blob"));
    }
    let reads_or_deletes = matches!(
        (&call.method, comp),
        (&(Method::GET | Method::HEAD), "" | "metadata") | (&Method::DELETE, "")
    );
    if call.query.get("snapshot").is_some() && !reads_or_deletes {
        return Err(not_implemented("anything but reading and deleting a snapshot"));
    }
    match (&call.method, comp) {
        (&Method::GET, "") => Ok(Operation::GetBlob),
        (&Method::HEAD, "") | (&(Method::GET | Method::HEAD), "metadata") => {
            Ok(Operation::GetBlobProperties)
        }
        (&Method::DELETE, "") => Ok(Operation::DeleteBlob),
        (&Method::PUT, "") => put(call),
        (&Method::PUT, "block") if has_source(call) => Ok(Operation::PutBlockFromUrl),
        (&Method::PUT, "block") => Ok(Operation::PutBlock),
        (&Method::PUT, "blocklist") => Ok(Operation::PutBlockList),
        (&Method::GET, "blocklist") => Ok(Operation::GetBlockList),
        (&Method::PUT, "metadata") => Ok(Operation::SetBlobMetadata),
        (&Method::PUT, "properties") => Ok(Operation::SetBlobProperties),
        (&Method::PUT, "tags") => Ok(Operation::SetBlobTags),
        (&Method::GET, "tags") => Ok(Operation::GetBlobTags),
        (&Method::PUT, "lease") => Ok(Operation::LeaseBlob),
        (&Method::PUT, "copy") => Ok(Operation::AbortCopyBlob),
        (&Method::PUT, "snapshot") => Ok(Operation::SnapshotBlob),
        (_, other) => Err(unsupported(other)),
    }
}

fn put(call: &Call) -> Result<Operation, Failure> {
    match (call.header("x-ms-blob-type"), has_source(call)) {
        (None, true) => Ok(Operation::CopyBlob),
        (Some("BlockBlob"), true) => Ok(Operation::PutBlobFromUrl),
        (Some("BlockBlob"), false) => Ok(Operation::PutBlob),
        (Some(kind @ ("AppendBlob" | "PageBlob")), _) => {
            Err(not_implemented(&format!("Put Blob of type {kind}")))
        }
        (Some(other), _) => Err(crate::storage::failure::invalid_header("x-ms-blob-type", other)),
        (None, false) => Err(crate::storage::failure::missing_header("x-ms-blob-type")),
    }
}

fn has_source(call: &Call) -> bool {
    call.headers.contains_key("x-ms-copy-source")
}

fn unsupported(comp: &str) -> Failure {
    let name = match comp {
        "tier" => "Set Blob Tier",
        "undelete" => "Undelete Blob",
        "appendblock" => "Append Block",
        "page" => "Put Page",
        "pagelist" => "Get Page Ranges",
        "incrementalcopy" => "Incremental Copy Blob",
        "query" => "Query Blob Contents",
        "expiry" => "Set Blob Expiry",
        "seal" => "Append Blob Seal",
        "legalhold" => "Set Blob Legal Hold",
        "immutabilityPolicies" => "Set Immutability Policy",
        "" | "block" | "blocklist" | "metadata" | "properties" | "tags" | "lease" | "copy"
        | "snapshot" => {
            return code::UNSUPPORTED_HTTP_VERB.into();
        }
        other => return not_implemented(&format!("comp={other} of a blob")),
    };
    not_implemented(name)
}

impl Operation {
    /// What a signature must allow.
    pub(super) fn requirement(self) -> Requirement {
        use ResourceType::{Container, Object, Service};
        let (resource, account, service) = match self {
            Self::ListContainers => (Service, "l", ""),
            Self::GetServiceProperties => (Service, "r", ""),
            Self::SetServiceProperties => (Service, "w", ""),
            Self::GetUserDelegationKey => (Service, "", ""),
            Self::GetAccountInformation => (Service, "rwdlacuptf", "racwdlxtmeop"),
            Self::CreateContainer => (Container, "cw", ""),
            Self::DeleteContainer => (Container, "d", ""),
            Self::GetContainerProperties => (Container, "r", ""),
            Self::SetContainerMetadata => (Container, "w", ""),
            Self::GetContainerAcl | Self::SetContainerAcl => (Container, "", ""),
            Self::LeaseContainer => (Container, "wd", ""),
            Self::ListBlobs => (Container, "l", "l"),
            // Without "w" they create, but replace nothing: `Access::allows` is asked again then.
            Self::PutBlob | Self::PutBlobFromUrl | Self::CopyBlob | Self::PutBlockList => {
                (Object, "cw", "cw")
            }
            Self::PutBlock | Self::PutBlockFromUrl => (Object, "cw", "cw"),
            // "c" is "create a new blob, snapshot a blob, or copy a blob to a new blob".
            Self::SnapshotBlob => (Object, "cw", "cw"),
            Self::AbortCopyBlob => (Object, "w", "w"),
            Self::GetBlob | Self::GetBlobProperties | Self::GetBlockList => (Object, "r", "r"),
            Self::SetBlobProperties | Self::SetBlobMetadata => (Object, "w", "w"),
            Self::GetBlobTags | Self::SetBlobTags => (Object, "t", "t"),
            Self::LeaseBlob => (Object, "wd", "wd"),
            Self::DeleteBlob => (Object, "d", "d"),
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
        assert_eq!(of("GET", "/devstoreaccount1/?comp=list").unwrap(), Operation::ListContainers);
        assert_eq!(
            of("PUT", "/devstoreaccount1/ups?restype=container").unwrap(),
            Operation::CreateContainer
        );
        assert_eq!(
            of("GET", "/devstoreaccount1/ups?restype=container&comp=list").unwrap(),
            Operation::ListBlobs
        );
        assert_eq!(
            of("HEAD", "/devstoreaccount1/ups/a%2Fb").unwrap(),
            Operation::GetBlobProperties
        );
        assert_eq!(
            of("PUT", "/devstoreaccount1/ups/a?comp=blocklist").unwrap(),
            Operation::PutBlockList
        );
        assert_eq!(
            of("GET", "/devstoreaccount1/Ups/a").unwrap_err().code(),
            code::INVALID_RESOURCE_NAME
        );
        assert_eq!(
            of("PATCH", "/devstoreaccount1/ups/a").unwrap_err().code(),
            code::UNSUPPORTED_HTTP_VERB
        );
    }

    #[test]
    fn a_put_is_what_its_headers_say() {
        let of = |headers: &[(&str, &str)]| {
            Address::of(&call("PUT", "/devstoreaccount1/ups/a", headers))
        };
        let (block, source) =
            (("x-ms-blob-type", "BlockBlob"), ("x-ms-copy-source", "http://127.0.0.1/"));
        assert_eq!(of(&[block]).unwrap().operation, Operation::PutBlob);
        assert_eq!(of(&[block, source]).unwrap().operation, Operation::PutBlobFromUrl);
        assert_eq!(of(&[source]).unwrap().operation, Operation::CopyBlob);
        assert_eq!(
            of(&[("x-ms-blob-type", "PageBlob")]).unwrap_err().code(),
            code::NOT_IMPLEMENTED
        );
        assert_eq!(of(&[]).unwrap_err().code(), code::MISSING_REQUIRED_HEADER);
    }

    #[test]
    fn what_is_not_done_is_named() {
        let failure =
            Address::of(&call("PUT", "/devstoreaccount1/ups/a?comp=tier", &[])).unwrap_err();
        assert_eq!(failure.code(), code::NOT_IMPLEMENTED);
    }
}
