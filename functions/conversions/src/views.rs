//! What clients see.

use crate::domain::{
    ContactId, FileId, FileName, FileState, Lead, LeadId, LeadState, Reason, RefusedRow, SaleId,
    SalesFile,
};
use jiff::Timestamp;
use serde::Serialize;
use values::Revision;

/// `Lead` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LeadView<'a> {
    id: LeadId,
    contact_id: ContactId,
    #[serde(flatten)]
    reason: &'a Reason,
    state: LeadState,
    #[serde(skip_serializing_if = "Option::is_none")]
    sale_id: Option<SaleId>,
    generated_at: Timestamp,
    revision: Revision,
}

impl<'a> From<&'a Lead> for LeadView<'a> {
    fn from(lead: &'a Lead) -> Self {
        Self {
            id: lead.id,
            contact_id: lead.contact_id,
            reason: &lead.reason,
            state: lead.state,
            sale_id: lead.sale_id,
            generated_at: lead.generated_at,
            revision: lead.revision,
        }
    }
}

/// `SalesFile` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SalesFileView<'a> {
    id: FileId,
    name: &'a FileName,
    state: FileState,
    rows: u32,
    refused_rows: u32,
    refused: &'a [RefusedRow],
}

impl<'a> From<&'a SalesFile> for SalesFileView<'a> {
    fn from(file: &'a SalesFile) -> Self {
        let SalesFile { id, name, state, rows, refused_rows, refused, .. } = file;
        Self { id: *id, name, state: *state, rows: *rows, refused_rows: *refused_rows, refused }
    }
}
