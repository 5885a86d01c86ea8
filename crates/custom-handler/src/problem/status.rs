use http::StatusCode;

macro_rules! statuses {
    ($($name:ident = $code:ident,)*) => {
        /// The statuses a problem may have: refusals and failures only, so that a problem can
        /// never be sent as a success or a redirect (RFC 9110, sections 15.5 and 15.6).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "each is named after the status it stands for")]
        pub enum ErrorStatus {
            $($name,)*
        }

        impl ErrorStatus {
            /// The status code.
            pub fn code(self) -> StatusCode {
                match self {
                    $(Self::$name => StatusCode::$code,)*
                }
            }
        }
    };
}

statuses! {
    BadRequest = BAD_REQUEST,
    Unauthorized = UNAUTHORIZED,
    PaymentRequired = PAYMENT_REQUIRED,
    Forbidden = FORBIDDEN,
    NotFound = NOT_FOUND,
    MethodNotAllowed = METHOD_NOT_ALLOWED,
    NotAcceptable = NOT_ACCEPTABLE,
    RequestTimeout = REQUEST_TIMEOUT,
    Conflict = CONFLICT,
    Gone = GONE,
    LengthRequired = LENGTH_REQUIRED,
    PreconditionFailed = PRECONDITION_FAILED,
    ContentTooLarge = PAYLOAD_TOO_LARGE,
    UriTooLong = URI_TOO_LONG,
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE,
    RangeNotSatisfiable = RANGE_NOT_SATISFIABLE,
    UnprocessableContent = UNPROCESSABLE_ENTITY,
    Locked = LOCKED,
    FailedDependency = FAILED_DEPENDENCY,
    PreconditionRequired = PRECONDITION_REQUIRED,
    TooManyRequests = TOO_MANY_REQUESTS,
    UnavailableForLegalReasons = UNAVAILABLE_FOR_LEGAL_REASONS,
    InternalServerError = INTERNAL_SERVER_ERROR,
    NotImplemented = NOT_IMPLEMENTED,
    BadGateway = BAD_GATEWAY,
    ServiceUnavailable = SERVICE_UNAVAILABLE,
    GatewayTimeout = GATEWAY_TIMEOUT,
    InsufficientStorage = INSUFFICIENT_STORAGE,
}

impl ErrorStatus {
    /// Whether the fault is ours (5xx), not the caller's.
    pub fn is_server_error(self) -> bool {
        self.code().is_server_error()
    }
}

impl From<ErrorStatus> for StatusCode {
    fn from(status: ErrorStatus) -> Self {
        status.code()
    }
}
