//! Whom operators have put to work: one document of the container `sun`.

use super::documents::SCHEMA_VERSION;
use crate::domain::{Override, Region};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;

const OVERRIDE: &str = "override";

#[derive(Debug)]
pub(crate) struct Overrides(Container);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OverrideDocument {
    id: String,
    schema_version: u32,
    region: Region,
    #[serde(with = "values::moment")]
    since: Timestamp,
    #[serde(with = "values::moment")]
    until: Timestamp,
    by: String,
    why: String,
}

impl Overrides {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("sun"))
    }

    pub(crate) async fn read(&self) -> Result<Option<Override>, CosmosFailure> {
        let found = self.0.read::<OverrideDocument>(OVERRIDE, OVERRIDE).await?;
        Ok(found.map(|item| item.value.into()))
    }

    pub(crate) async fn put(&self, overridden: &Override) -> Result<(), ChangeError<Infallible>> {
        let document = OverrideDocument::from(overridden);
        let put = |_: Option<&OverrideDocument>| Ok(Change::Write(document.clone(), ()));
        self.0.change(OVERRIDE, OVERRIDE, put).await
    }

    pub(crate) async fn lift(&self) -> Result<(), ChangeError<Infallible>> {
        let lift = |_: Option<&OverrideDocument>| Ok(Change::Delete(()));
        self.0.change(OVERRIDE, OVERRIDE, lift).await
    }
}

impl From<&Override> for OverrideDocument {
    fn from(it: &Override) -> Self {
        let Override { region, since, until, by, why } = it.clone();
        let (id, schema_version) = (OVERRIDE.to_owned(), SCHEMA_VERSION);
        Self { id, schema_version, region, since, until, by, why }
    }
}

impl From<OverrideDocument> for Override {
    fn from(it: OverrideDocument) -> Self {
        let OverrideDocument { region, since, until, by, why, .. } = it;
        Self { region, since, until, by, why }
    }
}
