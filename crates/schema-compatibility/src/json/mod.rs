//! JSON Schema, as events use it.

mod accepts;
mod limits;
mod node;
mod parse;
mod unread;

pub(crate) use node::Node;
pub(crate) use parse::parse;
pub(crate) use unread::unread;
