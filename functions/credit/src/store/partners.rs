//! Partners: the container `partners`.

use super::documents::PartnerDocument;
use crate::domain::Partner;
use azure_data::{Change, ChangeError, Container, Cosmos};

#[derive(Debug)]
pub(crate) struct Partners(Container);

impl Partners {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("partners"))
    }

    /// Applies `edit` to the partner as it is when it is stored; to `fresh` if it was not known.
    pub(crate) async fn change<E>(
        &self,
        fresh: &Partner,
        edit: impl Fn(Partner) -> Result<Partner, E>,
    ) -> Result<Partner, ChangeError<E>> {
        let decide = |now: Option<&PartnerDocument>| {
            let current = now.cloned().map(Partner::from);
            let edited = edit(current.clone().unwrap_or_else(|| fresh.clone()))?;
            Ok(if current.as_ref() == Some(&edited) {
                Change::Keep(edited)
            } else {
                Change::Write(PartnerDocument::from(&edited), edited)
            })
        };
        self.0.change(fresh.id.as_str(), fresh.id.as_str(), decide).await
    }
}
