//! How photos are kept: documents in Cosmos DB, blobs, and messages on their way out. The only place that knows
//! documents. Every write is conditional.

mod announcements;
mod blobs;
mod case_document;
mod cases;
mod checks;
mod erasure_document;
mod erasures;
mod known_images;
mod own_write;
mod photo_document;
mod photos;

pub(crate) use announcements::Announcements;
pub(crate) use blobs::{Blobs, Content, PictureContainer, Removed};
pub(crate) use case_document::rank;
pub(crate) use cases::{Cases, NotChanged};
pub(crate) use checks::Checks;
pub(crate) use erasures::{Closed, Erasures};
pub(crate) use known_images::{KnownImages, KnownImagesError};
pub(crate) use photos::{Due, DuePhoto, Photos};
