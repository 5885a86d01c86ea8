//! What gateway, page and receiver of telemetry have in common: connections, bodies, answers, and what guards the host's own pages.

pub(crate) mod assets;
pub(crate) mod body;
pub(crate) mod document;
mod host_headers;
pub(crate) mod reply;
mod serve;
mod visitors;

pub(crate) use host_headers::{HOST_VERSION, add_host_headers};
pub(crate) use reply::ReplyBody;
pub(crate) use serve::serve;
pub(crate) use visitors::refuse_strangers;
