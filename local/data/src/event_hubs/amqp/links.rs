//! The links of a connection: what each is for, whether it may be, and who serves it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use fe2o3_amqp::{
    Receiver, Sender,
    types::{
        definitions::Fields,
        messaging::{Body, FilterSet, TargetArchetype},
        performatives::Attach,
        primitives::{Symbol, Value},
    },
};
use tokio::sync::{mpsc, watch};

use super::{
    Broker,
    address::{Node, path_of},
    condition,
    permissions::Permissions,
    receiving::{self, Source},
    requests::{self, Answer},
    selector, sending,
    wire::Wire,
};
use crate::event_hubs::refusal::Refusal;

/// Answers that wait for their link.
const MAX_ANSWERS: usize = 100;

/// What the links of a connection share.
pub(super) struct Connection {
    broker: Arc<Broker>,
    permissions: Permissions,
    /// The links on which answers go, by the address that their clients gave them and by their node.
    answers: Mutex<HashMap<String, mpsc::Sender<Answer>>>,
    wire: Wire,
    stopping: watch::Receiver<bool>,
}

/// What a client asked for when it attached a link.
pub(super) struct Asked {
    source: String,
    target: String,
    filter: Option<FilterSet>,
    properties: Fields,
    capabilities: Vec<Symbol>,
}

impl Asked {
    pub(super) fn of(attach: &Attach) -> Self {
        let source = attach.source.as_deref();
        let target = attach.target.as_deref().map(|TargetArchetype::Target(target)| target);
        Self {
            source: source.and_then(|source| source.address.clone()).unwrap_or_default(),
            target: target.and_then(|target| target.address.clone()).unwrap_or_default(),
            filter: source.and_then(|source| source.filter.clone()),
            properties: attach.properties.clone().unwrap_or_default(),
            capabilities: attach.desired_capabilities.clone().map(Vec::from).unwrap_or_default(),
        }
    }

    /// The owner level, whichever width its number has.
    fn epoch(&self) -> Option<i64> {
        match self.properties.get(&Symbol::from("com.microsoft:epoch"))? {
            Value::Long(epoch) => Some(*epoch),
            Value::Int(epoch) => Some((*epoch).into()),
            Value::Ulong(epoch) => i64::try_from(*epoch).ok(),
            Value::Uint(epoch) => Some((*epoch).into()),
            _ => None,
        }
    }
}

impl Connection {
    pub(super) fn new(broker: Arc<Broker>, wire: Wire, stopping: watch::Receiver<bool>) -> Self {
        Self {
            broker,
            permissions: Permissions::default(),
            answers: Mutex::default(),
            wire,
            stopping,
        }
    }

    /// A link on which the client sends: events, tokens or questions.
    pub(super) fn receive_on(self: &Arc<Self>, link: Receiver, asked: Asked) {
        let connection = Arc::clone(self);
        match Node::of(&asked.target) {
            Some(node @ (Node::Tokens | Node::Management)) => {
                tokio::spawn(answer(link, node, asked.target, connection));
            }
            Some(Node::Hub { hub, partition }) => {
                let target = connection.target(&asked.target, &hub, partition);
                tokio::spawn(async move {
                    match target {
                        Ok(target) => {
                            let (broker, wire) =
                                (Arc::clone(&connection.broker), connection.wire.clone());
                            sending::take(link, target, broker, wire).await;
                        }
                        Err(refusal) => {
                            close(link.close_with_error(condition::error(&refusal)).await)
                        }
                    }
                });
            }
            _ => {
                let refusal = Refusal::NoResource(asked.target);
                tokio::spawn(async move {
                    close(link.close_with_error(condition::error(&refusal)).await);
                });
            }
        }
    }

    /// A link on which the client receives: events or answers.
    pub(super) fn send_on(self: &Arc<Self>, link: Sender, asked: Asked) {
        let connection = Arc::clone(self);
        match Node::of(&asked.source) {
            Some(Node::Tokens | Node::Management) => {
                let (sender, answers) = mpsc::channel(MAX_ANSWERS);
                // A client says in a request where the answer goes, or relies on having one link to the same node.
                let mut links = connection.answers.lock().expect(UNPOISONED);
                links.insert(asked.target, sender.clone());
                links.insert(asked.source, sender);
                drop(links);
                tokio::spawn(send_answers(link, answers));
            }
            Some(Node::Partition { hub, group, partition }) => {
                let source = connection.source(&asked, &hub, (group, partition));
                tokio::spawn(async move {
                    match source {
                        Ok(source) => {
                            let (broker, stopping) =
                                (Arc::clone(&connection.broker), connection.stopping.clone());
                            receiving::give(link, source, broker, stopping).await;
                        }
                        Err(refusal) => {
                            close(link.close_with_error(condition::error(&refusal)).await)
                        }
                    }
                });
            }
            _ => {
                let refusal = Refusal::NoResource(asked.source);
                tokio::spawn(async move {
                    close(link.close_with_error(condition::error(&refusal)).await);
                });
            }
        }
    }

    fn target(
        &self,
        address: &str,
        name: &str,
        partition: Option<String>,
    ) -> Result<sending::Target, Refusal> {
        let hub = self.broker.hubs.hub(name)?;
        if let Some(partition) = &partition {
            hub.partition(partition)?;
        }
        self.check(address)?;
        Ok(sending::Target { name: name.to_owned(), hub, partition })
    }

    fn source(
        &self,
        asked: &Asked,
        name: &str,
        (group, partition): (String, String),
    ) -> Result<Source, Refusal> {
        let hub = self.broker.hubs.hub(name)?;
        hub.check_group(&group)?;
        hub.partition(&partition)?;
        self.check(&asked.source)?;
        let metrics = Symbol::from("com.microsoft:enable-receiver-runtime-metric");
        Ok(Source {
            hub,
            group,
            partition,
            from: selector::position(asked.filter.as_ref())?,
            epoch: asked.epoch(),
            has_metrics: asked.capabilities.contains(&metrics),
        })
    }

    fn check(&self, address: &str) -> Result<(), Refusal> {
        let path = path_of(address);
        if self.permissions.open(path) {
            return Ok(());
        }
        Err(Refusal::Unauthorized(format!("no token was put to $cbs for {path}")))
    }

    /// The link for an answer to `reply_to`, or the one to the same node.
    fn link_for(&self, reply_to: Option<&String>, own: &str) -> Option<mpsc::Sender<Answer>> {
        let links = self.answers.lock().expect(UNPOISONED);
        reply_to.and_then(|address| links.get(address)).or_else(|| links.get(own)).cloned()
    }
}

async fn answer(mut link: Receiver, node: Node, own: String, connection: Arc<Connection>) {
    loop {
        let request = match link.recv::<Body<Value>>().await {
            Ok(request) => request,
            Err(error) => {
                tracing::debug!(%error, "a link for requests ended");
                break;
            }
        };
        if let Err(error) = link.accept(&request).await {
            tracing::debug!(%error, "a client did not wait for its request to be taken");
        }
        let request = request.into_message();
        let answer = requests::answer(&connection.broker, &connection.permissions, &node, &request);
        let reply_to =
            request.properties.as_ref().and_then(|properties| properties.reply_to.as_ref());
        match connection.link_for(reply_to, &own) {
            // A client that takes so few of its answers has no use for more.
            Some(link) => drop(link.try_send(answer)),
            None => tracing::debug!(own, "a request has no link for its answer"),
        }
    }
    close(link.close().await);
}

async fn send_answers(mut link: Sender, mut answers: mpsc::Receiver<Answer>) {
    loop {
        tokio::select! {
            answer = answers.recv() => {
                let Some(answer) = answer else { break };
                // Not every client settles an answer: nobody waits for it.
                match link.send_batchable(answer).await {
                    Ok(outcome) => drop(outcome),
                    Err(error) => {
                        tracing::debug!(%error, "a link for answers ended");
                        break;
                    }
                }
            }
            ended = link.on_detach() => {
                tracing::debug!(%ended, "a client closed its link for answers");
                break;
            }
        }
    }
    close(link.close().await);
}

fn close<E: std::fmt::Display>(closed: Result<(), E>) {
    if let Err(error) = closed {
        tracing::debug!(%error, "a link was closed by both sides");
    }
}

const UNPOISONED: &str = "no code panics while it holds the links for answers";
