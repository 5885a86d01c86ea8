//! What a reader of the change feed of `profiles` needs of an account.

use super::ErasedProfile;
use crate::domain::{AccountId, ProfileId};
use jiff::Timestamp;
use serde::Deserialize;

/// A document of the container `profiles`, as far as it says whether somebody has an account.
#[derive(Debug, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub(crate) enum ChangedAccount {
    /// Nobody has it yet.
    Registering,
    Active(OpenAccount),
    /// Nobody ever will.
    Fenced,
    Erased(ErasedProfile),
}

/// An account in use. What it says is the same in all versions of the document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenAccount {
    pub(crate) id: ProfileId,
    pub(crate) created_at: Timestamp,
    account: AccountName,
}

#[derive(Debug, Deserialize)]
struct AccountName {
    id: AccountId,
}

impl OpenAccount {
    pub(crate) fn account_id(&self) -> AccountId {
        self.account.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_document_of_each_state_is_read() {
        let id = "01980c6e-1111-7000-8000-000000000001";
        let read = |document| serde_json::from_value::<ChangedAccount>(document).unwrap();
        let active = json!({"state": "active", "id": id, "createdAt": "2026-03-01T08:00:00Z",
            "account": {"id": "01980c6e-1111-7000-8000-0000000000a1", "userName": "kim"}, "revision": 3});
        let ChangedAccount::Active(account) = read(active) else { panic!("it is active") };
        assert_eq!(account.account_id().to_string(), "01980c6e-1111-7000-8000-0000000000a1");
        let erased =
            json!({"state": "erased", "id": id, "revision": 4, "erasedAt": "2026-03-02T08:00:00Z"});
        assert!(matches!(read(erased), ChangedAccount::Erased(_)));
        let registering = json!({"state": "registering", "id": id, "revision": 1});
        assert!(matches!(read(registering), ChangedAccount::Registering));
        let fenced = json!({"state": "fenced", "id": id, "ttl": 9});
        assert!(matches!(read(fenced), ChangedAccount::Fenced));
        assert!(
            serde_json::from_value::<ChangedAccount>(json!({"state": "lost", "id": id})).is_err()
        );
    }
}
