//! One row of a file of sales.

use super::no_table::NoTable;
use super::{ContactId, LeadId, ServiceId};
use csv::{ByteRecord, StringRecord};
use jiff::Timestamp;
use std::fmt::Display;
use std::str::FromStr;

const LEAD_ID: &str = "leadId";
const CONTACT_ID: &str = "contactId";
const SERVICE_ID: &str = "serviceId";
const SOLD_AT: &str = "soldAt";
const ENDS_AT: &str = "endsAt";

/// What was sold to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Counted from 1.
    pub(crate) number: u32,
    pub(crate) whom: Whom,
    pub(crate) service_id: ServiceId,
    pub(crate) sold_at: Timestamp,
    pub(crate) ends_at: Option<Timestamp>,
}

/// To whom something was sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whom {
    /// By this lead, which must be this contact's if one is named.
    Lead(LeadId, Option<ContactId>),
    Contact(ContactId),
}

/// A row that cannot be taken, with each field that is wrong and what would be right; never what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadRow {
    pub(crate) number: u32,
    pub(crate) why: String,
}

impl BadRow {
    pub(super) fn unreadable(number: u32) -> Self {
        Self { number, why: "the row cannot be read".to_owned() }
    }
}

/// Where each column is.
#[derive(Debug)]
pub(super) struct Columns {
    lead: Option<usize>,
    contact: Option<usize>,
    service: usize,
    sold_at: usize,
    ends_at: Option<usize>,
}

impl Columns {
    pub(super) fn of(names: &StringRecord) -> Result<Self, NoTable> {
        let place = |name: &'static str| {
            let mut places = names.iter().enumerate().filter(|(_, known)| *known == name);
            match (places.next(), places.next()) {
                (_, Some(_)) => Err(NoTable::Twice(name)),
                (found, None) => Ok(found.map(|(place, _)| place)),
            }
        };
        let needed = |name: &'static str| place(name)?.ok_or(NoTable::Lacks(name));
        let (lead, contact) = (place(LEAD_ID)?, place(CONTACT_ID)?);
        if lead.is_none() && contact.is_none() {
            return Err(NoTable::Lacks("leadId and contactId"));
        }
        let (service, sold_at) = (needed(SERVICE_ID)?, needed(SOLD_AT)?);
        Ok(Self { lead, contact, service, sold_at, ends_at: place(ENDS_AT)? })
    }

    pub(super) fn row(&self, number: u32, record: &ByteRecord) -> Result<Row, BadRow> {
        let mut fields = Fields { record, wrong: Vec::new() };
        let lead = fields.optional::<LeadId>(LEAD_ID, self.lead);
        let contact = fields.optional::<ContactId>(CONTACT_ID, self.contact);
        let service = fields.needed::<ServiceId>(SERVICE_ID, self.service);
        let sold_at = fields.needed::<Moment>(SOLD_AT, self.sold_at).map(|Moment(at)| at);
        let ends_at = fields.optional::<Moment>(ENDS_AT, self.ends_at).map(|Moment(at)| at);
        if fields.is_empty(self.lead) && fields.is_empty(self.contact) {
            fields.wrong.push("leadId or contactId: one of them is needed".to_owned());
        }
        if let (Some(sold_at), Some(ends_at)) = (sold_at, ends_at)
            && ends_at <= sold_at
        {
            fields.wrong.push("endsAt: must be later than soldAt".to_owned());
        }
        let whom = match (lead, contact) {
            (Some(lead), contact) => Some(Whom::Lead(lead, contact)),
            (None, contact) => contact.map(Whom::Contact),
        };
        match (whom, service, sold_at, fields.wrong.is_empty()) {
            (Some(whom), Some(service_id), Some(sold_at), true) => {
                Ok(Row { number, whom, service_id, sold_at, ends_at })
            }
            _ => Err(BadRow { number, why: fields.wrong.join("; ") }),
        }
    }
}

/// A time as in RFC 3339.
struct Moment(Timestamp);

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_| "must be a time such as 2026-11-01T08:00:00Z")
    }
}

/// The fields of a row, and all that is wrong with them.
struct Fields<'a> {
    record: &'a ByteRecord,
    wrong: Vec<String>,
}

impl Fields<'_> {
    fn is_empty(&self, place: Option<usize>) -> bool {
        let value = place.and_then(|place| self.record.get(place));
        value.is_none_or(|value| value.is_empty())
    }

    /// None if there is nothing, or nothing right: then it is noted.
    fn optional<T: FromStr<Err: Display>>(
        &mut self,
        name: &str,
        place: Option<usize>,
    ) -> Option<T> {
        if self.is_empty(place) {
            return None;
        }
        let bytes = self.record.get(place?)?;
        let text = std::str::from_utf8(bytes).map_err(|_| "must be text in UTF-8".to_owned());
        let read = text.and_then(|text| text.parse().map_err(|error: T::Err| error.to_string()));
        read.map_err(|why| self.wrong.push(format!("{name}: {why}"))).ok()
    }

    fn needed<T: FromStr<Err: Display>>(&mut self, name: &str, place: usize) -> Option<T> {
        if self.is_empty(Some(place)) {
            self.wrong.push(format!("{name}: is missing"));
            return None;
        }
        self.optional(name, Some(place))
    }
}
