//! What leads, sales and files of sales are and may become: plain values and decisions. No Azure, no HTTP, no clock and no
//! random ids of its own.

mod chance;
mod ids;
mod lead;
#[cfg(test)]
mod lead_tests;
mod no_table;
mod sale;
mod sales_file;
mod table;
mod table_row;
#[cfg(test)]
mod table_tests;

pub(crate) use chance::is_worth_a_lead;
pub(crate) use ids::{ContactId, FileId, FileName, LeadId, QuoteId, SaleId};
pub(crate) use lead::{Lead, LeadFact, LeadFactKind, LeadState, Reason};
pub(crate) use sale::{NotASale, Sale};
pub(crate) use sales_file::{Differs, FileFact, FileState, RefusedRow, SalesFile};
pub(crate) use table::Table;
pub(crate) use table_row::{BadRow, Row, Whom};
pub(crate) use values::ServiceId;
