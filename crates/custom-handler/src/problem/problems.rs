//! The kinds of problems that the crate's own checks answer with.

crate::problem_kinds! {
    /// No function has a route for the path.
    pub const NOT_FOUND = NotFound, "not-found", "There is nothing at this path";
    /// A function has the path, but not for the method; `Allow` lists what it takes.
    pub const METHOD_NOT_ALLOWED = MethodNotAllowed, "method-not-allowed", "The path does not take this method";
    /// The body did not arrive in time.
    pub const REQUEST_TIMEOUT = RequestTimeout, "request-timeout", "The body did not arrive in time";
    /// The body broke off.
    pub const INCOMPLETE_BODY = BadRequest, "incomplete-body", "The body ended too early";
    /// The body exceeds the function's limit.
    pub const CONTENT_TOO_LARGE = ContentTooLarge, "content-too-large", "The body is too large";
    /// The body is not of the type that the function reads.
    pub const UNSUPPORTED_MEDIA_TYPE = UnsupportedMediaType, "unsupported-media-type", "The body has the wrong type";
    /// `If-Match` is missing.
    pub const PRECONDITION_REQUIRED = PreconditionRequired, "precondition-required", "The request must be conditional";
    /// A route or query parameter that cannot be used.
    pub const INVALID_PARAMETER = BadRequest, "invalid-parameter", "A parameter is not valid";
    /// A header that cannot be used.
    pub const INVALID_HEADER = BadRequest, "invalid-header", "A header is not valid";
    /// An `Idempotency-Key` that is none.
    pub const INVALID_IDEMPOTENCY_KEY = BadRequest, "invalid-idempotency-key", "The idempotency key is not valid";
    /// The body is not JSON.
    pub const INVALID_JSON = BadRequest, "invalid-json", "The body is not JSON";
    /// The body is JSON of another shape.
    pub const INVALID_BODY = UnprocessableContent, "invalid-body", "The body does not have the expected shape";
    /// A failure of ours; the log knows which.
    pub const INTERNAL_ERROR = InternalServerError, "internal-error", "Something went wrong on our side";
    /// [`IfMatch::check`](crate::IfMatch::check): the client has not seen the current version.
    pub const PRECONDITION_FAILED = PreconditionFailed, "precondition-failed", "The resource has changed";
}
