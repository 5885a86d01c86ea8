//! How photos are kept in Cosmos DB; the only place that knows documents. Every write is conditional.

mod cases;
mod erasures;
mod known_images;
mod photos;

pub(crate) use cases::{Cases, rank};
pub(crate) use erasures::{ErasureRecord, Erasures, PhotoErased};
pub(crate) use known_images::{KnownImages, Unknowable};
pub(crate) use photos::{Photos, Whereabouts};
