//! Erasing: one photo, or all that there is of a profile.

mod photo;
mod profile;

pub(crate) use photo::erase;
pub(crate) use profile::{erase as erase_photos_of, erase_profile};
