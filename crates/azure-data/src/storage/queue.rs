use super::{Account, DEADLINE, QueueName, StorageFailure, operation::Operation};
use azure_storage_queue::{
    QueueClient,
    models::{QueueClientGetPropertiesResultHeaders, QueueClientSendMessageOptions, QueueMessage},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use custom_handler::TraceContext;
use std::{fmt, sync::Arc, time::Duration};

/// Most bytes of a message's text: in base64 they are the 64 KiB that a queue takes.
const MAX_MESSAGE_BYTES: usize = 48 * 1024;
/// The longest a message can be put off (Put Message, `visibilitytimeout`).
const MAX_DELAY: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Messages stay until they are handled. Queue Storage would drop them after seven days.
pub(super) const FOR_EVER: i32 = -1;

/// A queue to send to; connects when first used. Messages are sent in base64, which is what queue triggers read
/// (`messageEncoding` in `host.json`).
pub struct QueueSender {
    queue: Connection,
}

impl QueueSender {
    pub(super) fn new(account: Arc<Account>, name: QueueName) -> Self {
        Self { queue: Connection { account, name, keeps_s: FOR_EVER } }
    }

    /// The same queue for messages that are worth nothing after `time`: whole seconds, at most seven days.
    #[must_use]
    pub fn keeping_for(mut self, time: Duration) -> Self {
        self.queue.keeps_s = whole_seconds(time);
        self
    }

    /// Sends a message; it may arrive more than once, and out of order.
    ///
    /// # Errors
    /// Storage did not do it, or the message has more than 48 KiB ([`StorageFailure::is_too_large`]).
    pub async fn send(&self, message: &str) -> Result<(), StorageFailure> {
        self.queue.put(message.as_bytes(), None).await
    }

    /// Sends a message that carries a trace, nobody sees it before `delay` is over. `write` is told where in the trace it is
    /// sent: a span of its own, in the trace of `trace` or else in the one that goes on now.
    ///
    /// # Errors
    /// As [`QueueSender::send`].
    pub async fn send_traced(
        &self,
        trace: Option<&TraceContext>,
        delay: Option<Duration>,
        write: impl FnOnce(&TraceContext) -> String + Send,
    ) -> Result<(), StorageFailure> {
        let send = Operation::send(&self.queue.name, trace);
        let message = write(&send.position());
        self.queue.put_in(send, message.as_bytes(), delay).await
    }

    /// Sends a message that need not be text.
    ///
    /// # Errors
    /// As [`QueueSender::send`].
    pub async fn send_bytes(&self, message: &[u8]) -> Result<(), StorageFailure> {
        self.queue.put(message, None).await
    }

    /// Sends a message that nobody sees before `delay` is over: whole seconds, at most seven days.
    ///
    /// # Errors
    /// As [`QueueSender::send`].
    pub async fn send_later(&self, message: &str, delay: Duration) -> Result<(), StorageFailure> {
        self.queue.put(message.as_bytes(), Some(delay)).await
    }

    /// The queue's name.
    #[must_use]
    pub fn name(&self) -> &QueueName {
        &self.queue.name
    }
}

/// A queue to count; connects when first used.
pub struct QueueLength {
    queue: Connection,
}

impl QueueLength {
    pub(super) fn new(account: Arc<Account>, name: QueueName) -> Self {
        Self { queue: Connection { account, name, keeps_s: FOR_EVER } }
    }

    /// How many messages are there, those put off and those in work included; approximately.
    ///
    /// # Errors
    /// Storage cannot be asked.
    pub async fn length(&self) -> Result<u64, StorageFailure> {
        self.queue.length().await
    }
}

/// The way to one queue.
pub(super) struct Connection {
    pub(super) account: Arc<Account>,
    pub(super) name: QueueName,
    /// How long a message stays that nobody handles, in seconds.
    pub(super) keeps_s: i32,
}

impl Connection {
    pub(super) async fn length(&self) -> Result<u64, StorageFailure> {
        let what = || format!("looking at the queue {}", self.name.as_str());
        let queue = self.client().await?;
        let look = self.operation("get_properties");
        let answer = look.run(DEADLINE, what, || queue.get_properties(None)).await?;
        let count = answer
            .approximate_messages_count()
            .map_err(|error| StorageFailure::new(what(), &error))?;
        count
            .and_then(|count| u64::try_from(count).ok())
            .ok_or_else(|| StorageFailure::unusable(what(), "the answer has no count of messages"))
    }

    pub(super) fn operation(&self, name: &'static str) -> Operation {
        Operation::queue(name, &self.name)
    }

    async fn put(&self, message: &[u8], delay: Option<Duration>) -> Result<(), StorageFailure> {
        self.put_in(Operation::send(&self.name, None), message, delay).await
    }

    async fn put_in(
        &self,
        send: Operation,
        message: &[u8],
        delay: Option<Duration>,
    ) -> Result<(), StorageFailure> {
        let what = || format!("sending a message to {}", self.name.as_str());
        if message.len() > MAX_MESSAGE_BYTES {
            let bytes = message.len() as u64;
            return Err(StorageFailure::too_large(what(), bytes, MAX_MESSAGE_BYTES));
        }
        self.put_text(send, STANDARD.encode(message), delay).await
    }

    /// A text as it is.
    pub(super) async fn put_text(
        &self,
        send: Operation,
        text: String,
        delay: Option<Duration>,
    ) -> Result<(), StorageFailure> {
        let what = || format!("sending a message to {}", self.name.as_str());
        let options = QueueClientSendMessageOptions {
            message_time_to_live: Some(self.keeps_s),
            visibility_timeout: delay.map(whole_seconds),
            ..Default::default()
        };
        let queue = self.client().await?;
        let put = || async {
            let message = QueueMessage { message_text: Some(text) }.try_into()?;
            queue.send_message(message, Some(options)).await
        };
        send.run(DEADLINE, what, put).await?;
        Ok(())
    }

    pub(super) async fn client(&self) -> Result<QueueClient, StorageFailure> {
        let what = || format!("opening the queue {}", self.name.as_str());
        self.account
            .queue_service()
            .await?
            .queue_client(self.name.as_str())
            .map_err(|error| StorageFailure::new(what(), &error))
    }
}

/// Rounded up: a message that comes too early would be a surprise, one second late is none.
pub(super) fn whole_seconds(delay: Duration) -> i32 {
    let delay = delay.min(MAX_DELAY);
    let seconds = delay.as_secs() + u64::from(delay.subsec_nanos() > 0);
    i32::try_from(seconds).expect("seven days of seconds fit")
}

impl fmt::Debug for QueueSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("QueueSender").field(&self.queue.name.as_str()).finish()
    }
}

impl fmt::Debug for QueueLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("QueueLength").field(&self.queue.name.as_str()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_in_whole_seconds_and_at_most_seven_days() {
        assert_eq!(whole_seconds(Duration::ZERO), 0);
        assert_eq!(whole_seconds(Duration::from_millis(1001)), 2);
        assert_eq!(whole_seconds(Duration::MAX), 604_800);
    }
}
