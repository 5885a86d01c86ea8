//! Schemas as sets of values.

mod accepts;
mod apart;
mod array;
mod checked;
pub(crate) mod gap;
pub(crate) mod kinds;
pub(crate) mod node;
mod normal;
mod object;
mod scalar;
mod shapes;
pub(crate) mod subset;
mod witness;
