//! What is known of ordering each line at the vendor: the container `vendor-calls`.

use super::documents::{VendorCallDocument, call_id};
use crate::domain::{OrderId, VendorCall};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query};
use jiff::Timestamp;
use std::num::NonZeroU32;
use values::moment;

#[derive(Debug)]
pub(crate) struct VendorCalls(Container);

impl VendorCalls {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("vendor-calls"))
    }

    pub(crate) async fn read(
        &self,
        order: OrderId,
        line: u32,
    ) -> Result<Option<VendorCall>, CosmosFailure> {
        let found = self.0.read::<VendorCallDocument>(&order.to_string(), &call_id(line)).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Applies `edit` to the call of a line as it is when it is stored.
    pub(crate) async fn change<E>(
        &self,
        order: OrderId,
        line: u32,
        edit: impl Fn(Option<VendorCall>) -> Result<VendorCall, E>,
    ) -> Result<VendorCall, ChangeError<E>> {
        let decide = |now: Option<&VendorCallDocument>| {
            let current = now.map(|now| VendorCall::from(now.clone()));
            let edited = edit(current.clone())?;
            Ok(if current.as_ref() == Some(&edited) {
                Change::Keep(edited)
            } else {
                Change::Write(VendorCallDocument::from(&edited), edited)
            })
        };
        self.0.change(&order.to_string(), &call_id(line), decide).await
    }

    /// At most `count` that somebody should have looked at, the longest overdue first.
    pub(crate) async fn overdue(
        &self,
        before: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<VendorCall>, CosmosFailure> {
        let text =
            format!("SELECT TOP {count} * FROM c WHERE c.lookAt < @before ORDER BY c.lookAt");
        let query = Query::from(text).with_parameter("@before", moment::text(before));
        let query = query.expect("a string is JSON");
        let found = self.0.query::<VendorCallDocument>(query, count).await?;
        Ok(found.into_iter().map(VendorCall::from).collect())
    }
}
