use super::{Document, Kind, statement_id};
use crate::domain::{Amount, Period, Statement, Sums};
use jiff::Timestamp;
use jiff::civil::Date;
use money::Currency;
use serde::{Deserialize, Serialize};
use values::moment;

/// A statement as it is kept: created once, never replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct StatementDocument {
    period: Period,
    number: u32,
    currency: Currency,
    #[serde(with = "moment")]
    from: Timestamp,
    #[serde(with = "moment")]
    to: Timestamp,
    opening: Amount,
    sums: Sums,
    /// The opening and the sums, added up.
    closing: Amount,
    entries: u64,
    due_on: Date,
    credited: Amount,
    #[serde(with = "moment")]
    closed_at: Timestamp,
}

impl From<&Statement> for Document<StatementDocument> {
    fn from(statement: &Statement) -> Self {
        let content = StatementDocument {
            period: statement.period,
            number: statement.number,
            currency: statement.currency,
            from: statement.from,
            to: statement.to,
            opening: statement.opening,
            sums: statement.sums,
            closing: statement.closing(),
            entries: statement.entries,
            due_on: statement.due_on,
            credited: statement.credited,
            closed_at: statement.closed_at,
        };
        Self::new(Kind::Statement, statement_id(statement.period), statement.account_id, content)
    }
}

impl From<Document<StatementDocument>> for Statement {
    fn from(document: Document<StatementDocument>) -> Self {
        let content = document.content;
        Self {
            account_id: document.account_id,
            period: content.period,
            number: content.number,
            currency: content.currency,
            from: content.from,
            to: content.to,
            opening: content.opening,
            sums: content.sums,
            entries: content.entries,
            due_on: content.due_on,
            credited: content.credited,
            closed_at: content.closed_at,
        }
    }
}
