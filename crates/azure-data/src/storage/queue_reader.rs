//! Taking messages from a queue without a trigger: as they are, as often as it takes.

use super::{
    Account, DEADLINE, QueueName, StorageFailure, operation::Operation, queue::Connection,
};
use crate::storage::queue::{FOR_EVER, whole_seconds};
use azure_storage_queue::models::{QueueClientReceiveMessagesOptions, ReceivedMessage};
use jiff::Timestamp;
use std::{fmt, sync::Arc, time::Duration};

/// A queue to take messages from; connects when first used. Unlike the host's trigger it hands out a message however often
/// it was handed out before, and whatever its text is.
pub struct QueueReader {
    queue: Connection,
}

/// A message that was taken: hidden from others until its time is over, and gone when it is deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The queue's id of the message.
    pub id: String,
    /// The text as it is in the queue; base64 if it was sent as triggers read it.
    pub text: String,
    /// How often it was handed out, this time included.
    pub times: u32,
    /// When it was put into the queue, to the second.
    pub since: Timestamp,
    /// When the queue drops it: a week after it was put there, unless whoever did that said otherwise.
    pub until: Timestamp,
    receipt: String,
}

impl QueueReader {
    pub(super) fn new(account: Arc<Account>, name: QueueName) -> Self {
        Self { queue: Connection { account, name, keeps_s: FOR_EVER } }
    }

    /// The queue's name.
    #[must_use]
    pub fn name(&self) -> &QueueName {
        &self.queue.name
    }

    /// Takes the next message, and hides it for so long: whole seconds. `None` if none can be seen now.
    ///
    /// # Errors
    /// Storage did not do it; a message may be hidden that nobody got.
    pub async fn take(&self, hidden_for: Duration) -> Result<Option<Taken>, StorageFailure> {
        let what = || format!("taking a message from {}", self.queue.name.as_str());
        let options = QueueClientReceiveMessagesOptions {
            number_of_messages: Some(1),
            visibility_timeout: Some(whole_seconds(hidden_for)),
            ..Default::default()
        };
        let queue = self.queue.client().await?;
        let receive = || async { queue.receive_messages(Some(options)).await?.into_model() };
        let taken = self.queue.operation("receive").run(DEADLINE, what, receive).await?;
        let message = taken.items.unwrap_or_default().into_iter().next();
        let unusable = || StorageFailure::unusable(what(), "the message has no id or no times");
        message.map(|message| Taken::of(message).ok_or_else(unusable)).transpose()
    }

    /// Deletes a message that was dealt with. That it is gone already is no failure.
    ///
    /// # Errors
    /// Storage did not do it: it comes again.
    pub async fn delete(&self, message: &Taken) -> Result<(), StorageFailure> {
        let what = || format!("deleting a message from {}", self.queue.name.as_str());
        let queue = self.queue.client().await?;
        let delete = || queue.delete_message(&message.id, &message.receipt, None);
        match self.queue.operation("delete").run(DEADLINE, what, delete).await {
            Err(failure) if !failure.is_message_missing() => Err(failure),
            _ => Ok(()),
        }
    }

    /// Lets a message be seen again after `rest`: whole seconds.
    ///
    /// # Errors
    /// Storage did not do it: it is seen when the time is over for which it was taken.
    pub async fn put_back(&self, message: &Taken, rest: Duration) -> Result<(), StorageFailure> {
        let what = || format!("putting a message back into {}", self.queue.name.as_str());
        let queue = self.queue.client().await?;
        let seconds = whole_seconds(rest);
        let update = || queue.update_message(&message.id, &message.receipt, seconds, None);
        self.queue.operation("update").run(DEADLINE, what, update).await.map(drop)
    }

    /// Puts a message that would be dropped into the queue anew, where it stays until it is deleted, and can be seen after
    /// `rest`: whole seconds. Its times are new.
    ///
    /// # Errors
    /// Storage did not do it; the message may be there twice.
    pub async fn renew(&self, message: &Taken, rest: Duration) -> Result<(), StorageFailure> {
        let send = Operation::send(&self.queue.name, None);
        self.queue.put_text(send, message.text.clone(), Some(rest)).await?;
        self.delete(message).await
    }

    /// How many messages are there, the hidden ones included; approximately.
    ///
    /// # Errors
    /// Storage cannot be asked.
    pub async fn length(&self) -> Result<u64, StorageFailure> {
        self.queue.length().await
    }
}

impl Taken {
    /// `None` if the service has left out what it always says.
    fn of(message: ReceivedMessage) -> Option<Self> {
        let moment = |seconds| Timestamp::from_second(seconds).ok();
        Some(Self {
            id: message.message_id?,
            // An empty text is an empty element, which has none.
            text: message.message_text.unwrap_or_default(),
            times: u32::try_from(message.dequeue_count?).ok()?,
            since: moment(message.insertion_time?.unix_timestamp())?,
            until: moment(message.expiration_time?.unix_timestamp()).unwrap_or(Timestamp::MAX),
            receipt: message.pop_receipt?,
        })
    }
}

impl fmt::Debug for QueueReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("QueueReader").field(&self.queue.name.as_str()).finish()
    }
}
