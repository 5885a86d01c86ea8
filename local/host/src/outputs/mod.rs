//! What a handler's reply means: the three members of its body, and what each output binding makes of its value.
//!
//! Pure functions; [`effects`] is the whole way from a reply to what is written and answered. The conversions are
//! those of the real host, traps included, because a local host that is kinder hides the failure until Azure shows it.
//! Sources in the Azure Functions host: `HttpScriptInvocationResultExtensions.cs`, `FunctionBinding.cs`,
//! `HttpBinding.cs`, `WorkerFunctionInvoker.cs`.

pub mod blob;
pub mod collector;
mod dates;
pub mod documents;
mod effects;
pub mod http_response;
mod path;
mod reply;
mod value;

pub use effects::{Effects, Write, effects};
pub use http_response::HttpReply;
pub use path::{UnknownToken, resolve};
pub use reply::{HandlerResult, Reply, ReplyError};
pub use value::OutputValue;

/// A value that its output binding cannot take: the invocation fails, while other outputs may be written all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutputError {
    /// Text that begins and ends like JSON and is none.
    #[error(
        "writing output `{binding}`: a text in braces or brackets must be JSON: {why}; send it as base64"
    )]
    NotJson {
        /// The binding.
        binding: String,
        /// What the parser says.
        why: String,
    },
    /// A value of which a document cannot be made.
    #[error(
        "writing output `{binding}`: {found} is no document; cosmosDB outputs take a JSON object or an array of \
         objects, never base64"
    )]
    NotADocument {
        /// The binding.
        binding: String,
        /// What was found.
        found: &'static str,
    },
    /// A number that does not fit the bytes the host would write.
    #[error(
        "writing output `{binding}`: the number {number} is too large for a blob; send its text as base64"
    )]
    NumberTooLarge {
        /// The binding.
        binding: String,
        /// The number.
        number: String,
    },
    /// An `http` output of the wrong shape.
    #[error(
        "answering through output `{binding}`: {why}; send {{\"statusCode\":200,\"headers\":{{}},\"body\":\"…\"}} with \
         headers as single strings"
    )]
    NotAResponse {
        /// The binding.
        binding: String,
        /// What is wrong.
        why: String,
    },
    /// A binding this host does not write.
    #[error(
        "writing output `{binding}`: the local host does not write `{kind}` outputs; it writes queue, eventHub, cosmosDB and blob"
    )]
    NotSupported {
        /// The binding.
        binding: String,
        /// Its type.
        kind: String,
    },
    /// A path or name with a token that has no value.
    #[error("writing output `{binding}`: {token}")]
    Path {
        /// The binding.
        binding: String,
        /// The token.
        token: UnknownToken,
    },
}
