//! Event Hubs over AMQP 1.0, as far as the official SDKs speak it to an emulator: without TLS, with tokens put to `$cbs`,
//! questions to `$management`, links on which events are sent, and links on which a partition is read.
//!
//! The crate for AMQP stays inside this folder.

mod address;
mod condition;
mod connection;
mod events;
mod links;
mod permissions;
mod readers;
mod receiving;
mod requests;
mod selector;
mod sending;
mod wire;

use std::{io, net::Ipv4Addr, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::{Semaphore, watch},
    task::JoinSet,
};

use self::readers::Readers;
use super::EventHubs;
use crate::{Error, Service, listen, options::Port};

/// Connections served at a time; further ones wait in the operating system's backlog.
const MAX_CONNECTIONS: usize = 1_024;
const BACKLOG: u32 = 1_024;
/// The kernel tells clients of a large buffer on loopback a segment size that the SDK for Python reads, sets back, and is
/// refused: it then fails to connect, now and then. With this one the size stays within what may be set.
const RECEIVE_BUFFER_BYTES: u32 = 32_768;
/// A pause after a failed accept, so that running out of file descriptors does not become a busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What all connections share.
struct Broker {
    hubs: Arc<EventHubs>,
    readers: Readers,
}

/// Takes the port, before any serious work is done.
pub(crate) fn bind(port: Port) -> Result<TcpListener, Error> {
    let service = Service::EventHubs;
    let taken = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => Error::PortTaken { service, port },
        _ => Error::Listen { service, port, source },
    };
    let bound = || {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES)?;
        socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
        socket.listen(BACKLOG)
    };
    bound().map_err(taken)
}

/// Serves until `stopping` turns true.
pub(crate) async fn serve(
    listener: TcpListener,
    hubs: Arc<EventHubs>,
    mut stopping: watch::Receiver<bool>,
) {
    let broker = Arc::new(Broker { hubs, readers: Readers::default() });
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let place = Arc::clone(&places).acquire_owned();
        let accepted = tokio::select! {
            () = listen::stopped(&mut stopping) => break,
            accepted = async { (place.await, listener.accept().await) } => accepted,
        };
        match accepted {
            (Ok(place), Ok((stream, _))) => {
                let served = connection::serve(stream, Arc::clone(&broker), stopping.clone());
                connections.spawn(async move {
                    served.await;
                    drop(place);
                });
            }
            (_, Err(error)) => {
                tracing::warn!(%error, "accepting a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
            (Err(_), _) => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}
