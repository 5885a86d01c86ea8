//! Event Grid: the webhook through which it reaches functions, and a small topic of our own that does what the service
//! would do with events of the local storage account, of the capture of event hubs, and of other services that publish to a
//! topic here.

mod cloud_event;
mod dead_letter;
mod delivery_schedule;
mod handshake;
mod published;
mod source;
mod subscription;
mod topic;
mod webhook;

pub use dead_letter::DeadLetterContainer;
pub(crate) use handshake::{Judged, judge};
pub use published::{Published, PublishedError};
pub use source::{Origin, Source};
pub use subscription::{EventSchema, Subscription, SubscriptionSource};
pub use topic::{BlobStore, Delivery, Endpoint, EventGridTopic, Subscriber};
pub use webhook::{WebhookReply, WebhookRequest, webhook};
