//! Cosmos DB: Microsoft's emulator behind a thin adapter that adds what the emulator lacks.
//!
//! A request comes in at `server`, is classified by `resource` and goes one of five ways: `catalogue` (databases
//! and containers), `writes`, `reads`, `change_feed`, or straight to the `emulator`. What is written is kept by
//! `persistence` before it is acknowledged, and read back by `restore`.

mod authorization;
mod batch;
mod bulk;
mod by_ids;
mod catalogue;
mod change_feed;
mod change_log;
mod changes;
mod container;
mod deadlines;
mod document_key;
mod earlier;
mod emulator;
mod expiry;
mod message;
mod offers;
mod partition_key;
mod patch;
mod persistence;
mod query_limits;
mod query_scope;
mod query_text;
mod query_tokens;
mod ranges;
mod reads;
mod resource;
mod restore;
mod rules;
mod server;
mod stale;
mod writes;

use std::sync::Arc;

use http::StatusCode;
use tokio::sync::RwLock;

pub use self::authorization::COSMOS_KEY;
use self::{
    container::Containers,
    deadlines::Deadlines,
    earlier::Earlier,
    emulator::Emulator,
    message::{Call, Reply},
    persistence::{Account, Persistence, Position},
    resource::{Operation, Resource},
    restore::Restored,
    stale::Copies,
    writes::{Turns, WriteCall},
};
pub(crate) use self::{expiry::run, server::serve};
use crate::{Clock, Error, Faults, database::Kept};

/// A Cosmos DB account.
#[derive(Debug)]
pub(crate) struct Cosmos {
    emulator: Emulator,
    /// None: everything is forgotten when the process ends.
    persistence: Option<Persistence>,
    account_id: String,
    /// How often the account was opened, this time included.
    run: u64,
    containers: Containers,
    deadlines: Deadlines,
    earlier: Earlier,
    /// Held while a database or container changes; shared by those who write documents.
    catalogue_turn: RwLock<()>,
    turns: Turns,
    clock: Clock,
    faults: Arc<Faults>,
    copies: Copies,
}

impl Cosmos {
    /// The account that is reached at `url`, with what was kept of it.
    pub(crate) async fn open(
        url: &str,
        kept: Option<&Kept>,
        clock: Clock,
        faults: Arc<Faults>,
    ) -> Result<Arc<Self>, Error> {
        let failed = |message| Error::Restore { what: "the Cosmos DB account".to_owned(), message };
        let emulator = Emulator::new(url).map_err(failed)?;
        let fresh_id = rand::random();
        let (persistence, account, restored) = match kept {
            None => (None, Account { id: fresh_id, run: 1 }, Restored::default()),
            Some(Kept { database, losses }) => {
                let persistence = Persistence::open(database).map_err(|e| failed(e.to_string()))?;
                let account = persistence.begin_run(fresh_id).map_err(|e| failed(e.to_string()))?;
                let restored = restore::restore(&persistence, &emulator, losses).await?;
                (Some(persistence), account, restored)
            }
        };
        Ok(Arc::new(Self {
            emulator,
            persistence,
            account_id: format!("{:016x}", account.id),
            run: account.run,
            containers: restored.containers,
            deadlines: restored.deadlines,
            earlier: restored.earlier,
            catalogue_turn: RwLock::default(),
            turns: Turns::default(),
            clock,
            faults,
            copies: Copies::default(),
        }))
    }

    /// Answers a request.
    async fn handle(self: &Arc<Self>, call: Call) -> Reply {
        if let Err(refusal) = authorization::check(&call) {
            return refusal;
        }
        let mut call = match emulator::as_text(call) {
            Ok(call) => call,
            Err(refusal) => return refusal,
        };
        if resource::is_query(&call.headers) {
            query_text::prepare(&mut call);
        }
        match Operation::of(&call.method, Resource::parse(&call.path), &call.headers) {
            Operation::ChangeCatalogue(resource) => {
                self.to_the_end(
                    |cosmos| async move { cosmos.change_catalogue(call, &resource).await },
                )
                .await
            }
            Operation::WriteDocuments(name, id, write) => {
                if let Err(failure) = self.copy_of(&name).await {
                    return failure;
                }
                let write = WriteCall { call, name, id, write };
                self.to_the_end(|cosmos| async move { cosmos.write(write).await }).await
            }
            Operation::ReadDocument(name, id) => match self.copy_of(&name).await {
                Ok(Some(copy)) => copy.read(call).await,
                Ok(None) => self.read(&call, &name, &id).await,
                Err(failure) => failure,
            },
            Operation::ListDocuments(name) => {
                if let Err(refusal) = self.check_scope(&call, &name).await {
                    return refusal;
                }
                if let Err(refusal) = self.check_query(&call).await {
                    return refusal;
                }
                match self.copy_of(&name).await {
                    Ok(Some(copy)) => copy.list(call).await,
                    Ok(None) => self.list(call, &name).await,
                    Err(failure) => failure,
                }
            }
            Operation::ReadChangeFeed(name) => match self.check_scope(&call, &name).await {
                Ok(()) => self.read_change_feed(&call, &name).await,
                Err(refusal) => refusal,
            },
            Operation::ListOffers => self.list_offers(call).await,
            Operation::Other => self.emulator.execute(&call).await,
        }
    }

    /// Does a write to its end even when the client goes away: nothing may be done and not kept.
    async fn to_the_end<F>(self: &Arc<Self>, write: impl FnOnce(Arc<Self>) -> F) -> Reply
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        tokio::spawn(write(Arc::clone(self))).await.unwrap_or_else(|error| {
            let message = format!("the write failed inside the service: {error}");
            Reply::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &message)
        })
    }

    /// Keeps something, if this account keeps anything.
    fn persist(&self, what: impl FnOnce(&Persistence) -> fjall::Result<()>) -> Result<(), Reply> {
        self.persistence.as_ref().map_or(Ok(()), what).map_err(|error| {
            tracing::error!(%error, "keeping a write in the data directory");
            let message =
                format!("the write was done and could not be kept in the data directory: {error}");
            Reply::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &message)
        })
    }

    /// Where the write that was answered like this stands among those of its range.
    fn position(&self, reply: &Reply) -> Position {
        let lsn = reply.header("lsn").and_then(|lsn| lsn.parse().ok()).unwrap_or_default();
        Position { run: self.run, lsn }
    }
}
