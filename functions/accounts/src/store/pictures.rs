//! What cards look like: one picture for each network, in the blob container `accounts-card-images`.

use crate::domain::Card;
use azure_data::{ReadSigner, Storage, StorageFailure};
use jiff::{SignedDuration, Timestamp};

/// How long a link to a picture works.
const LINK_LIFE: SignedDuration = SignedDuration::from_mins(10);

#[derive(Debug)]
pub(crate) struct CardPictures(ReadSigner);

/// Where a card's picture is, for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PictureLink {
    pub(crate) url: String,
    pub(crate) expires_at: Timestamp,
}

impl CardPictures {
    pub(crate) fn new(storage: &Storage) -> Self {
        Self(storage.read_signer("accounts-card-images"))
    }

    /// `None` while the card is being made.
    pub(crate) async fn link(
        &self,
        card: &Card,
        now: Timestamp,
    ) -> Result<Option<PictureLink>, StorageFailure> {
        let Some(face) = &card.face else { return Ok(None) };
        let expires_at = now + LINK_LIFE;
        let url = self.0.url(&format!("{}.png", face.network), expires_at).await?;
        Ok(Some(PictureLink { url, expires_at }))
    }
}
