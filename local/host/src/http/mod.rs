//! What gateway and page have in common: bodies, answers, traces, and what guards the host's own pages.

pub(crate) mod assets;
pub(crate) mod body;
pub(crate) mod document;
mod host_headers;
pub(crate) mod reply;
mod serve;
mod trace;
mod visitors;

pub(crate) use host_headers::{HOST_VERSION, add_host_headers};
pub(crate) use reply::ReplyBody;
pub(crate) use serve::serve;
pub(crate) use trace::Trace;
pub(crate) use visitors::refuse_strangers;
