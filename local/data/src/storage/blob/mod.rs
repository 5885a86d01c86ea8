//! Azure Blob Storage: containers and block blobs.

mod block_blob;
mod checksum;
mod conditions;
mod container;
mod contents;
mod copy;
mod deposit;
mod event;
mod if_tags;
mod lease;
mod leasing;
mod lifecycle;
mod list;
mod on_account;
mod on_blob;
mod on_blocks;
mod on_container;
mod operation;
mod put;
mod range;
mod reader;
mod retention;
mod serving;
mod shared;
mod snapshots;
mod store;
mod tags;
mod upload;
mod writer;

use std::{path::Path, sync::Arc};

use tokio::{net::TcpListener, sync::watch};

use super::{
    authorization::{self, Access, Target},
    body::RequestBody,
    call::Call,
    code, delegation_key,
    failure::Failure,
    front::{self, Answer, Front},
    persistence::Persistence,
    reply::Reply,
    service_properties::ServiceProperties,
};
use crate::{Clock, Error, Faults, Service, database::Kept};
pub use event::{BlobEvent, BlobEvents};
pub use lifecycle::LifecycleRule;
use lifecycle::ManagementPolicy;
pub(crate) use lifecycle::run;
use operation::{Address, Operation};
pub use retention::RetentionRule;
use store::Store;

/// The blob service of the account.
#[derive(Debug)]
pub(crate) struct Blobs {
    store: Store,
    properties: ServiceProperties,
    policy: ManagementPolicy,
}

/// A request that was allowed, and what it is about.
#[derive(Clone, Copy)]
struct Allowed<'a> {
    call: &'a Call,
    container: &'a str,
    blob: &'a str,
    access: &'a Access,
}

impl Blobs {
    /// The service that is reached at `url`, with what `database` and the files in `data` kept of it. Events about
    /// blobs are recorded only if somebody is going to take them.
    pub(crate) fn open(
        url: &str,
        kept: Option<&Kept>,
        data: Option<&Path>,
        with_events: bool,
    ) -> Result<Arc<Self>, Error> {
        let persistence = Persistence::open(kept, "blob")?;
        let properties = ServiceProperties::open(persistence.clone(), Service::Blob)?;
        let store = Store::open(url, persistence, data, with_events)?;
        Ok(Arc::new(Self { store, properties, policy: ManagementPolicy::default() }))
    }

    /// What happens to blobs.
    pub(crate) fn events(&self) -> BlobEvents {
        self.store.shared.events.clone()
    }
}

/// Serves on `listener` until `stopping` turns true.
pub(crate) async fn serve(
    listener: TcpListener,
    blobs: Arc<Blobs>,
    clock: Clock,
    faults: Arc<Faults>,
    stopping: watch::Receiver<bool>,
) {
    let front = Front { service: Service::Blob, clock, faults };
    let serving = front::serve(listener, front, Arc::clone(&blobs), stopping.clone());
    tokio::join!(serving, blobs.store.garbage.run(stopping));
}

impl Answer for Blobs {
    fn properties(&self) -> &ServiceProperties {
        &self.properties
    }

    async fn answer(&self, call: &Call, body: &mut RequestBody) -> Result<Reply, Failure> {
        let address = Address::of(call)?;
        let Address { operation, container, blob } = &address;
        if *operation == Operation::GetUserDelegationKey {
            return delegation_key::issue(call, Service::Blob, body).await;
        }
        let named = |name| Some(name).filter(|name: &&str| !name.is_empty());
        let target = Target { container: named(container), blob: named(blob) };
        let policies = || {
            let policies =
                self.store.with(container, |container| Ok(container.record.policies.clone()));
            policies.unwrap_or_default()
        };
        let access = authorization::authorize(
            call,
            Service::Blob,
            target,
            operation.requirement(),
            policies,
        )?;
        let allowed = Allowed { call, container, blob, access: &access };
        self.perform(*operation, allowed, body).await
    }
}

impl Blobs {
    async fn perform(
        &self,
        operation: Operation,
        allowed: Allowed<'_>,
        body: &mut RequestBody,
    ) -> Result<Reply, Failure> {
        let store = &self.store;
        match operation {
            Operation::ListContainers => on_account::list(store, allowed.call),
            Operation::GetServiceProperties => Ok(self.properties.answer()),
            Operation::SetServiceProperties => self.properties.set(body).await,
            Operation::GetUserDelegationKey => Err(code::INVALID_URI.into()),
            Operation::GetAccountInformation => Ok(on_account::information()),
            Operation::CreateContainer => on_container::create(store, allowed),
            Operation::DeleteContainer => on_container::delete(store, allowed).await,
            Operation::GetContainerProperties => on_container::properties(store, allowed),
            Operation::SetContainerMetadata => on_container::set_metadata(store, allowed),
            Operation::GetContainerAcl => on_container::policies(store, allowed),
            Operation::SetContainerAcl => on_container::set_policies(store, allowed, body).await,
            Operation::LeaseContainer => leasing::container(store, allowed),
            Operation::ListBlobs => list::blobs(store, allowed),
            Operation::PutBlob => put::blob(store, allowed, body).await,
            Operation::PutBlobFromUrl => copy::put_from_url(store, allowed).await,
            Operation::CopyBlob => copy::copy(store, allowed),
            Operation::AbortCopyBlob => copy::abort(store, allowed),
            Operation::SnapshotBlob => snapshots::create(store, allowed),
            Operation::PutBlock => on_blocks::stage(store, allowed, body).await,
            Operation::PutBlockFromUrl => on_blocks::stage_from_url(store, allowed).await,
            Operation::PutBlockList => on_blocks::commit(store, allowed, body).await,
            Operation::GetBlockList => on_blocks::list(store, allowed),
            Operation::GetBlob => serving::get(store, allowed).await,
            Operation::GetBlobProperties => serving::properties(store, allowed),
            Operation::SetBlobProperties => on_blob::set_properties(store, allowed),
            Operation::SetBlobMetadata => on_blob::set_metadata(store, allowed),
            Operation::GetBlobTags => on_blob::tags(store, allowed),
            Operation::SetBlobTags => on_blob::set_tags(store, allowed, body).await,
            Operation::LeaseBlob => leasing::blob(store, allowed),
            Operation::DeleteBlob => on_blob::delete(store, allowed),
        }
    }
}
