//! How leads, sales and files of sales are kept in Cosmos DB; the only place that knows documents.

mod leads;
mod sales;
mod sales_files;

pub(crate) use leads::{KnownLeads, Leads};
pub(crate) use sales::Sales;
pub(crate) use sales_files::SalesFiles;

/// The shape of what is stored; raised when a field changes its meaning.
const SCHEMA_VERSION: u32 = 1;
