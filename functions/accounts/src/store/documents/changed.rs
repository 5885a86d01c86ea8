//! A document of the change feed.

use super::{
    CardDocument, Document, EntryDocument, HoldDocument, Kind, LimitDocument, StatementDocument,
    StoredLimit,
    versions::{UnknownForm, version},
};
use crate::domain::{AccountId, Card, Entry, Hold, Statement};
use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What has changed. What is of no interest to anybody but its own app is [`Changed::Other`].
#[derive(Debug)]
pub(crate) enum Changed {
    Entry(Box<Entry>),
    Hold(AccountId, Box<Hold>),
    Limit(StoredLimit),
    Statement(Box<Statement>),
    /// And when it was written, by Cosmos DB's clock.
    Card(Box<Card>, Timestamp),
    Other,
}

impl Changed {
    /// Whether a newer release wrote it, whose instances will read it when this one is gone.
    pub(crate) fn is_for_a_newer_release(document: &Value) -> bool {
        matches!(version(document), Err(UnknownForm::Newer(_)))
    }
}

impl<'de> Deserialize<'de> for Changed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let written = value["_ts"].as_i64().and_then(|s| Timestamp::from_second(s).ok());
        Ok(match Kind::deserialize(&value["kind"]).map_err(D::Error::custom)? {
            Kind::Entry => {
                let document: Document<EntryDocument> = read(value)?;
                Self::Entry(Box::new(document.into()))
            }
            Kind::Hold => {
                let document: Document<HoldDocument> = read(value)?;
                Self::Hold(document.account_id, Box::new(document.into()))
            }
            Kind::Limit => Self::Limit(read::<Document<LimitDocument>, D::Error>(value)?.into()),
            Kind::Card => {
                let document: Document<CardDocument> = read(value)?;
                Self::Card(Box::new(document.into()), written.unwrap_or_default())
            }
            Kind::Statement => {
                let document: Document<StatementDocument> = read(value)?;
                Self::Statement(Box::new(document.into()))
            }
            Kind::Account | Kind::Notice => Self::Other,
        })
    }
}

fn read<T: DeserializeOwned, E: Error>(value: Value) -> Result<T, E> {
    serde_json::from_value(value).map_err(E::custom)
}
