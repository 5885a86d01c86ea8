//! What a contact is and may become: plain values and decisions. No Azure, no HTTP, no clock and no random ids of its own.

mod contact;
#[cfg(test)]
mod contact_tests;
mod fact;
mod heard;
mod ids;
mod product;
mod quote;

pub(crate) use contact::{Contact, ContactState, TooManyProducts};
pub(crate) use fact::{Fact, FactKind};
pub(crate) use heard::Heard;
pub(crate) use ids::{AccountId, ContactId, QuoteId, SaleId};
pub(crate) use product::{Product, Sold};
pub(crate) use quote::{MAX_QUOTES, NotAsked, Quote, QuoteState};
pub(crate) use values::ServiceId;
