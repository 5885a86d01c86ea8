//! A sale: a row of a file, once it is confirmed.

use super::{ContactId, FileId, Lead, LeadId, Row, SaleId, ServiceId, Whom};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sale {
    pub(crate) id: SaleId,
    pub(crate) file_id: FileId,
    /// Counted from 1.
    pub(crate) row: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lead_id: Option<LeadId>,
    pub(crate) contact_id: ContactId,
    pub(crate) service_id: ServiceId,
    pub(crate) sold_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ends_at: Option<Timestamp>,
    /// Whether others know of it.
    #[serde(default)]
    pub(crate) told: bool,
}

/// Why a row that can be read is no sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotASale {
    #[error("leadId: there is no such lead")]
    NoLead,
    #[error("contactId: the lead is another contact's")]
    OtherContact,
}

impl Sale {
    /// `lead` is the one that the row names; if it names none, one of the contact that the sale may come of.
    pub(crate) fn of(file_id: FileId, row: &Row, lead: Option<&Lead>) -> Result<Self, NotASale> {
        let contact_id = match (row.whom, lead) {
            (Whom::Contact(contact), _) => contact,
            (Whom::Lead(_, _), None) => return Err(NotASale::NoLead),
            (Whom::Lead(_, Some(contact)), Some(lead)) if contact != lead.contact_id => {
                return Err(NotASale::OtherContact);
            }
            (Whom::Lead(_, _), Some(lead)) => lead.contact_id,
        };
        Ok(Self {
            id: SaleId::of(file_id, row.number),
            file_id,
            row: row.number,
            lead_id: lead.map(|lead| lead.id),
            contact_id,
            service_id: row.service_id.clone(),
            sold_at: row.sold_at,
            ends_at: row.ends_at,
            told: false,
        })
    }

    /// Others know of it.
    pub(crate) fn told(self) -> Self {
        Self { told: true, ..self }
    }
}
