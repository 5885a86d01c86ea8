//! Azure AI Content Safety: how bad a picture is, in four categories and four levels.
//!
//! The published operation `image:analyze` (api-version 2024-09-01). An answer that is not exactly the published one is
//! no answer: see [`Failure`].

mod analysis;
mod client;
mod failure;
mod request;
mod response;
#[cfg(test)]
mod tests;

pub(crate) use client::ContentSafety;
pub(crate) use failure::Failure;
