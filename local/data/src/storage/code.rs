//! The error codes of the two services: HTTP status, code and message.
//!
//! Source: "Common REST API error codes", "Blob Storage error codes" and "Queue Storage error codes" in Microsoft's
//! REST reference, and what Azurite answers where the reference gives no status.

/// One error a service may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// The HTTP status.
    pub(super) status: u16,
    /// What `x-ms-error-code` says; programs look at this.
    pub(super) name: &'static str,
    /// What people read.
    pub(super) message: &'static str,
}

macro_rules! codes {
    ($($ident:ident = $status:literal $name:literal $message:literal;)*) => {
        $(pub(super) const $ident: Code = Code { status: $status, name: $name, message: $message };)*
    };
}

// Every service.
codes! {
    ACCOUNT_UNKNOWN = 404 "ResourceNotFound" "The specified account does not exist.";
    AUTHENTICATION_FAILED = 403 "AuthenticationFailed" "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.";
    AUTHORIZATION_PERMISSION_MISMATCH = 403 "AuthorizationPermissionMismatch" "This request is not authorized to perform this operation using this permission.";
    AUTHORIZATION_RESOURCE_TYPE_MISMATCH = 403 "AuthorizationResourceTypeMismatch" "This request is not authorized to perform this operation using this resource type.";
    AUTHORIZATION_SERVICE_MISMATCH = 403 "AuthorizationServiceMismatch" "This request is not authorized to perform this operation using this service.";
    AUTHORIZATION_SOURCE_IP_MISMATCH = 403 "AuthorizationSourceIPMismatch" "This request is not authorized to perform this operation using this source IP 127.0.0.1.";
    CORS_PREFLIGHT_FAILURE = 403 "CorsPreflightFailure" "CORS not enabled or no matching rule found for this request.";
    INTERNAL_ERROR = 500 "InternalError" "The server encountered an internal error. Please retry the request.";
    INVALID_AUTHENTICATION_INFO = 400 "InvalidAuthenticationInfo" "Authentication information is not given in the correct format. Check the value of Authorization header.";
    INVALID_HEADER_VALUE = 400 "InvalidHeaderValue" "The value for one of the HTTP headers is not in the correct format.";
    INVALID_MARKER = 400 "InvalidMarker" "The specified marker is invalid.";
    INVALID_METADATA = 400 "InvalidMetadata" "The metadata specified is invalid. It has characters that are not permitted.";
    INVALID_QUERY_PARAMETER_VALUE = 400 "InvalidQueryParameterValue" "Value for one of the query parameters specified in the request URI is invalid.";
    INVALID_RESOURCE_NAME = 400 "InvalidResourceName" "The specified resource name contains invalid characters.";
    INVALID_URI = 400 "InvalidUri" "The requested URI does not represent any resource on the server.";
    INVALID_XML_DOCUMENT = 400 "InvalidXmlDocument" "XML specified is not syntactically valid.";
    INVALID_XML_NODE_VALUE = 400 "InvalidXmlNodeValue" "The value for one of the XML nodes is not in the correct format.";
    METADATA_TOO_LARGE = 400 "MetadataTooLarge" "The metadata specified exceeds the maximum permissible limit of 8 KiB.";
    MISSING_CONTENT_LENGTH_HEADER = 411 "MissingContentLengthHeader" "Content-Length HTTP header was not specified.";
    MISSING_REQUIRED_HEADER = 400 "MissingRequiredHeader" "An HTTP header that's mandatory for this request is not specified.";
    MISSING_REQUIRED_QUERY_PARAMETER = 400 "MissingRequiredQueryParameter" "A query parameter that's mandatory for this request is not specified.";
    NO_AUTHENTICATION_INFORMATION = 401 "NoAuthenticationInformation" "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";
    NOT_IMPLEMENTED = 501 "NotImplemented" "The local storage service does not do this. What it does is listed in local/data/README.md.";
    OPERATION_TIMED_OUT = 500 "OperationTimedOut" "The operation could not be completed within the permitted time.";
    OUT_OF_RANGE_INPUT = 400 "OutOfRangeInput" "The specified resource name length is not within the permissible limits.";
    OUT_OF_RANGE_QUERY_PARAMETER_VALUE = 400 "OutOfRangeQueryParameterValue" "One of the query parameters specified in the request URI is outside the permissible range.";
    REQUEST_BODY_TOO_LARGE = 413 "RequestBodyTooLarge" "The request body is too large and exceeds the maximum permissible limit.";
    SERVER_BUSY = 503 "ServerBusy" "The server is currently unable to receive requests. Please retry your request.";
    UNSUPPORTED_HTTP_VERB = 405 "UnsupportedHttpVerb" "The resource doesn't support the specified HTTP verb.";
}

// Queue.
codes! {
    MESSAGE_NOT_FOUND = 404 "MessageNotFound" "The specified message does not exist.";
    POP_RECEIPT_MISMATCH = 400 "PopReceiptMismatch" "The specified pop receipt did not match the pop receipt for a dequeued message.";
    QUEUE_ALREADY_EXISTS = 409 "QueueAlreadyExists" "The specified queue already exists.";
    QUEUE_NOT_FOUND = 404 "QueueNotFound" "The specified queue does not exist.";
}

// Blob.
codes! {
    BLOB_ALREADY_EXISTS = 409 "BlobAlreadyExists" "The specified blob already exists.";
    BLOB_IMMUTABLE_DUE_TO_POLICY = 409 "BlobImmutableDueToPolicy" "This operation is not permitted as the blob is immutable due to a policy.";
    BLOB_NOT_FOUND = 404 "BlobNotFound" "The specified blob does not exist.";
    BLOCK_COUNT_EXCEEDS_LIMIT = 409 "BlockCountExceedsLimit" "The committed block count cannot exceed the maximum limit of 50,000 blocks.";
    BLOCK_LIST_TOO_LONG = 400 "BlockListTooLong" "The block list may not contain more than 50,000 blocks.";
    CANNOT_VERIFY_COPY_SOURCE = 401 "CannotVerifyCopySource" "Could not verify the copy source within the specified time.";
    CANNOT_READ_COPY_SOURCE = 403 "CannotVerifyCopySource" "The signature of the copy source does not allow reading it.";
    CONDITION_NOT_MET = 412 "ConditionNotMet" "The condition specified using HTTP conditional header(s) is not met.";
    CONTAINER_ALREADY_EXISTS = 409 "ContainerAlreadyExists" "The specified container already exists.";
    CONTAINER_NOT_FOUND = 404 "ContainerNotFound" "The specified container does not exist.";
    CONTAINER_PROTECTED_FROM_DELETION = 409 "ContainerProtectedFromDeletion" "The container is protected from deletion: there are blobs in it that a policy keeps.";
    CRC64_MISMATCH = 400 "Crc64Mismatch" "The CRC64 value specified in the request did not match with the CRC64 value calculated by the server.";
    DUPLICATE_TAG_NAMES = 400 "DuplicateTagNames" "The tags specified contain duplicate names.";
    EMPTY_TAG_NAME = 400 "EmptyTagName" "The name of one of the tag key-value pairs is empty.";
    INVALID_BLOB_OR_BLOCK = 400 "InvalidBlobOrBlock" "The specified blob or block content is invalid.";
    INVALID_BLOCK_LIST = 400 "InvalidBlockList" "The specified block list is invalid.";
    INVALID_MD5 = 400 "InvalidMd5" "The MD5 value specified in the request is invalid. The MD5 value must be 128 bits and Base64-encoded.";
    INVALID_RANGE = 416 "InvalidRange" "The range specified is invalid for the current size of the resource.";
    INVALID_TAGS = 400 "InvalidTags" "The tags specified are invalid. It contains characters that are not permitted.";
    LEASE_ALREADY_PRESENT = 409 "LeaseAlreadyPresent" "There is already a lease present.";
    LEASE_ID_MISMATCH_WITH_BLOB_OPERATION = 412 "LeaseIdMismatchWithBlobOperation" "The lease ID specified did not match the lease ID for the blob.";
    LEASE_ID_MISMATCH_WITH_CONTAINER_OPERATION = 412 "LeaseIdMismatchWithContainerOperation" "The lease ID specified did not match the lease ID for the container.";
    LEASE_ID_MISMATCH_WITH_LEASE_OPERATION = 409 "LeaseIdMismatchWithLeaseOperation" "The lease ID specified did not match the lease ID for the resource.";
    LEASE_ID_MISSING = 412 "LeaseIdMissing" "There is currently a lease on the resource and no lease ID was specified in the request.";
    LEASE_IS_BREAKING_AND_CANNOT_BE_ACQUIRED = 409 "LeaseIsBreakingAndCannotBeAcquired" "The lease ID matched, but the lease is currently in breaking state and cannot be acquired until it is broken.";
    LEASE_IS_BREAKING_AND_CANNOT_BE_CHANGED = 409 "LeaseIsBreakingAndCannotBeChanged" "The lease ID matched, but the lease is currently in breaking state and cannot be changed.";
    LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED = 409 "LeaseIsBrokenAndCannotBeRenewed" "The lease ID matched, but the lease has been broken explicitly and cannot be renewed.";
    LEASE_LOST = 412 "LeaseLost" "A lease ID was specified, but the lease for the resource has expired.";
    LEASE_NOT_PRESENT_WITH_BLOB_OPERATION = 412 "LeaseNotPresentWithBlobOperation" "There is currently no lease on the blob.";
    LEASE_NOT_PRESENT_WITH_CONTAINER_OPERATION = 412 "LeaseNotPresentWithContainerOperation" "There is currently no lease on the container.";
    LEASE_NOT_PRESENT_WITH_LEASE_OPERATION = 409 "LeaseNotPresentWithLeaseOperation" "There is currently no lease on the resource.";
    MD5_MISMATCH = 400 "Md5Mismatch" "The MD5 value specified in the request did not match with the MD5 value calculated by the server.";
    MULTIPLE_CONDITION_HEADERS_NOT_SUPPORTED = 400 "MultipleConditionHeadersNotSupported" "Multiple condition headers are not supported.";
    SNAPSHOTS_PRESENT = 409 "SnapshotsPresent" "This operation is not permitted while the blob has snapshots.";
    PENDING_COPY_OPERATION = 409 "PendingCopyOperation" "There is currently a pending copy operation.";
    COPY_ID_MISMATCH = 409 "CopyIdMismatch" "The specified copy ID did not match the copy ID for the pending copy operation.";
    NO_PENDING_COPY_OPERATION = 409 "NoPendingCopyOperation" "There is currently no pending copy operation.";
    NOT_MODIFIED = 304 "ConditionNotMet" "The condition specified using HTTP conditional header(s) is not met.";
    PUBLIC_ACCESS_NOT_PERMITTED = 409 "PublicAccessNotPermitted" "Public access is not permitted on this storage account.";
    TAGS_TOO_LARGE = 400 "TagsTooLarge" "The tags specified exceed the maximum permissible limit.";
    UNAUTHORIZED_BLOB_OVERWRITE = 403 "UnauthorizedBlobOverwrite" "This request is not authorized to perform blob overwrites.";
    UNSATISFIABLE_CONDITION = 400 "UnsatisfiableCondition" "The request includes an unsatisfiable condition for this operation.";
}
