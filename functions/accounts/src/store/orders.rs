//! Cards that the processor is to make: the queue `accounts-card-orders`.

use super::CardPlace;
use azure_data::{QueueSender, Storage, StorageFailure};

#[derive(Debug)]
pub(crate) struct CardOrders(QueueSender);

impl CardOrders {
    pub(crate) fn new(storage: &Storage) -> Self {
        Self(storage.queue_sender("accounts-card-orders"))
    }

    /// Asks for a card that is kept as ordered. Asked twice it is made once.
    pub(crate) async fn send(&self, place: CardPlace) -> Result<(), StorageFailure> {
        self.0.send_json(&place).await
    }
}
