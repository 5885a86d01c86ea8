use super::{
    Account, StorageFailure,
    signing::{self, Permission},
};
use jiff::Timestamp;
use std::{fmt, sync::Arc};

/// Signs for clients that read from one blob container, past us; connects when first used. In Azure the app's identity
/// needs the role *Storage Blob Delegator* (`signsUrls` in `app.json`).
pub struct ReadSigner {
    account: Arc<Account>,
    container: &'static str,
}

impl ReadSigner {
    pub(super) fn new(account: Arc<Account>, container: &'static str) -> Self {
        Self { account, container }
    }

    /// Where whoever has the URL may read this one blob until `expires_at`, whether it is there or not. It belongs in no
    /// log.
    ///
    /// # Errors
    /// Storage does not give us a key to sign with, or `expires_at` is more than a day away.
    pub async fn url(&self, name: &str, expires_at: Timestamp) -> Result<String, StorageFailure> {
        let blob = (self.container, name);
        Ok(signing::sign(&self.account, blob, Permission::Read, expires_at).await?.into())
    }
}

impl fmt::Debug for ReadSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadSigner").field(&self.container).finish()
    }
}
