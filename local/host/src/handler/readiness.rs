//! When a handler may be called (host `DefaultHttpWorkerService.IsWorkerReady`).

use std::time::Duration;

use super::client::HandlerClient;

/// The wait between two pings.
const PING_INTERVAL: Duration = Duration::from_millis(25);

/// Pings until the handler answers. Any status is an answer, and so are garbage and a reset after the connection was
/// accepted; only a connection that does not come about means "not yet".
///
/// A handler that accepts and then keeps silent holds this up for ever, as it does the real host: the caller races it
/// against the process's end. Returns false when `limit` has passed.
pub(super) async fn wait_for(client: &HandlerClient, limit: Duration) -> bool {
    let deadline = tokio::time::Instant::now() + limit;
    loop {
        match client.ping().await {
            Err(error) if error.is_connect() => {}
            Ok(_) | Err(_) => return true,
        }
        if tokio::time::Instant::now() >= deadline {
            return false;
        }
        tokio::time::sleep(PING_INTERVAL).await;
    }
}
