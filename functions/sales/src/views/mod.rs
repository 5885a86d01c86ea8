//! What clients see.

mod invoice;
mod licence;
mod listed;
mod offer;
mod order;
mod sun;

pub(crate) use invoice::{InvoiceLineView, InvoiceView};
pub(crate) use licence::LicenceView;
pub(crate) use listed::ListedOrderView;
pub(crate) use offer::OffersView;
pub(crate) use order::OrderView;
pub(crate) use sun::SunView;
