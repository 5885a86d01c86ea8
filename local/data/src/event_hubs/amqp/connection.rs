//! One connection: its sessions, and what becomes of each link that is attached.
//!
//! SDKs rely on what the service does beyond the specification; each such thing is said where it is done.

use std::{sync::Arc, time::Duration};

use fe2o3_amqp::{
    acceptor::{
        ConnectionAcceptor, LinkAcceptor, LinkEndpoint, ListenerSessionHandle, SaslAcceptor,
        SessionAcceptor, SupportedReceiverSettleModes, sasl_acceptor::SaslServerFrame,
    },
    types::{
        definitions::{Fields, ReceiverSettleMode},
        primitives::{Array, Symbol, Value},
        sasl::{SaslCode, SaslInit, SaslOutcome, SaslResponse},
    },
};
use tokio::{net::TcpStream, sync::watch, time::timeout};

use super::{
    Broker,
    links::{Asked, Connection},
    wire::with_wire,
};
use crate::{event_hubs::refusal::MAX_MESSAGE_BYTES, listen};

/// How long a client may take to open its connection.
const OPEN_DEADLINE: Duration = Duration::from_secs(30);
const MAX_FRAME_BYTES: u32 = 65_536;
const MAX_CHANNELS: u16 = 255;
const MAX_HANDLES: u32 = 255;
/// A connection on which nothing comes for so long is closed.
const IDLE_TIMEOUT_MS: u32 = 240_000;

/// Whoever comes is let in: who may do what is a matter of tokens.
#[derive(Clone)]
struct Anybody;

impl SaslAcceptor for Anybody {
    fn mechanisms(&self) -> Array<Symbol> {
        ["MSSBCBS", "PLAIN", "ANONYMOUS", "EXTERNAL"].map(Symbol::from).to_vec().into()
    }

    fn on_init(&mut self, _: SaslInit) -> SaslServerFrame {
        SaslServerFrame::Outcome(SaslOutcome { code: SaslCode::Ok, additional_data: None })
    }

    fn on_response(&mut self, _: SaslResponse) -> SaslServerFrame {
        SaslServerFrame::Outcome(SaslOutcome { code: SaslCode::Ok, additional_data: None })
    }
}

/// Serves a connection until one of the two sides ends it.
pub(super) async fn serve(
    stream: TcpStream,
    broker: Arc<Broker>,
    mut stopping: watch::Receiver<bool>,
) {
    let (stream, wire) = match with_wire(stream) {
        Ok(both) => both,
        Err(error) => {
            tracing::warn!(%error, "preparing a connection");
            return;
        }
    };
    let acceptor = ConnectionAcceptor::builder()
        .container_id("local-data")
        .max_frame_size(MAX_FRAME_BYTES)
        .channel_max(MAX_CHANNELS)
        .idle_time_out(IDLE_TIMEOUT_MS)
        .properties(product())
        .sasl_acceptor(Anybody)
        .build();
    let mut handle = match timeout(OPEN_DEADLINE, acceptor.accept(stream)).await {
        Ok(Ok(handle)) => handle,
        Ok(Err(error)) => {
            tracing::debug!(%error, "a connection was not opened");
            return;
        }
        Err(_) => {
            wire.cut();
            return;
        }
    };
    let connection = Arc::new(Connection::new(broker, wire.clone(), stopping.clone()));
    let sessions = SessionAcceptor::builder().handle_max(MAX_HANDLES).properties(product()).build();
    loop {
        let session = tokio::select! {
            () = listen::stopped(&mut stopping) => {
                wire.cut();
                break;
            }
            session = sessions.accept(&mut handle) => session,
        };
        match session {
            Ok(session) => {
                tokio::spawn(serve_session(session, Arc::clone(&connection)));
            }
            Err(error) => {
                tracing::debug!(%error, "a connection ended");
                break;
            }
        }
    }
}

/// Something in the last field of a frame, so that all fields before it are written too: the SDK for Python reads them by
/// their place without looking how many there are.
fn product() -> Fields {
    let mut fields = Fields::new();
    fields.insert(Symbol::from("product"), Value::String("local-data".to_owned()));
    fields
}

async fn serve_session(mut session: ListenerSessionHandle, connection: Arc<Connection>) {
    let acceptor = LinkAcceptor::builder()
        // Otherwise a sender in Python waits for ever.
        .supported_receiver_settle_modes(SupportedReceiverSettleModes::First)
        .fallback_receiver_settle_mode(ReceiverSettleMode::First)
        // SDKs fill their batches up to it.
        .max_message_size(u64::try_from(MAX_MESSAGE_BYTES).unwrap_or(u64::MAX))
        .properties(product())
        .verify_incoming_source(false)
        .verify_incoming_target(false)
        .build();
    while let Some(attach) = session.next_incoming_attach().await {
        let asked = Asked::of(&attach);
        match acceptor.accept_incoming_attach(attach, &mut session).await {
            Ok(LinkEndpoint::Receiver(link)) => connection.receive_on(link, asked),
            Ok(LinkEndpoint::Sender(link)) => connection.send_on(link, asked),
            Err(error) => tracing::debug!(%error, "a link was not attached"),
        }
    }
}
