//! Azure Queue Storage.

mod message;
mod messages;
mod on_account;
mod on_messages;
mod on_queue;
mod operation;
mod record;
mod state;
mod store;

use std::sync::Arc;

use tokio::{net::TcpListener, sync::watch};

use super::{
    authorization::{self, Target},
    body::RequestBody,
    call::Call,
    delegation_key,
    failure::Failure,
    front::{self, Answer, Front},
    persistence::Persistence,
    reply::Reply,
    service_properties::ServiceProperties,
};
use crate::{Clock, Error, Faults, Service, database::Kept};
use operation::{Address, Operation};
use store::Store;

/// The queue service of the account.
#[derive(Debug)]
pub(crate) struct Queues {
    /// Its endpoint, as lists name it.
    url: String,
    store: Store,
    properties: ServiceProperties,
}

impl Queues {
    /// The service that is reached at `url`, with what `database` kept of it.
    pub(crate) fn open(url: &str, kept: Option<&Kept>) -> Result<Arc<Self>, Error> {
        let persistence = Persistence::open(kept, "queue")?;
        let properties = ServiceProperties::open(persistence.clone(), Service::Queue)?;
        Ok(Arc::new(Self { url: url.to_owned(), store: Store::open(persistence)?, properties }))
    }
}

/// Serves on `listener` until `stopping` turns true.
pub(crate) async fn serve(
    listener: TcpListener,
    queues: Arc<Queues>,
    clock: Clock,
    faults: Arc<Faults>,
    stopping: watch::Receiver<bool>,
) {
    let front = Front { service: Service::Queue, clock, faults };
    let serving = front::serve(listener, front, Arc::clone(&queues), stopping.clone());
    tokio::join!(serving, queues.store.garbage.run(stopping));
}

impl Answer for Queues {
    fn properties(&self) -> &ServiceProperties {
        &self.properties
    }

    async fn answer(&self, call: &Call, body: &mut RequestBody) -> Result<Reply, Failure> {
        let address = Address::of(call)?;
        let Address { operation, queue, .. } = &address;
        if *operation == Operation::GetUserDelegationKey {
            return delegation_key::issue(call, Service::Queue, body).await;
        }
        let target = Target {
            container: Some(queue).filter(|name| !name.is_empty()).map(String::as_str),
            blob: None,
        };
        let policies = || {
            self.store.with(queue, |queue| Ok(queue.record.policies.clone())).unwrap_or_default()
        };
        authorization::authorize(call, Service::Queue, target, operation.requirement(), policies)?;
        match operation {
            Operation::ListQueues => on_account::list(self, call),
            Operation::GetServiceProperties => Ok(self.properties.answer()),
            Operation::SetServiceProperties => self.properties.set(body).await,
            Operation::GetUserDelegationKey => Err(super::code::INVALID_URI.into()),
            Operation::CreateQueue => on_queue::create(self, call, queue),
            Operation::DeleteQueue => on_queue::delete(self, queue),
            Operation::GetQueueMetadata => on_queue::metadata(self, call, queue),
            Operation::SetQueueMetadata => on_queue::set_metadata(self, call, queue),
            Operation::GetQueueAcl => on_queue::policies(self, queue),
            Operation::SetQueueAcl => on_queue::set_policies(self, queue, body).await,
            Operation::PutMessage => on_messages::send(self, call, queue, body).await,
            Operation::GetMessages => on_messages::receive(self, call, queue),
            Operation::PeekMessages => on_messages::peek(self, call, queue),
            Operation::ClearMessages => on_messages::clear(self, queue),
            Operation::UpdateMessage => on_messages::update(self, call, &address, body).await,
            Operation::DeleteMessage => on_messages::delete(self, call, &address),
        }
    }
}
