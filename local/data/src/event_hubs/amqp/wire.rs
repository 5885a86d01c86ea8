//! The socket of a connection, held twice: by what speaks AMQP on it, and by what may break it.

use std::{io, net::Shutdown, sync::Arc};

use tokio::net::TcpStream;

/// The other end of the connection's socket, to break it.
#[derive(Clone)]
pub(super) struct Wire(Arc<std::net::TcpStream>);

impl Wire {
    /// Ends the connection as an accident would.
    pub(super) fn cut(&self) {
        // It may be gone already.
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

/// The socket for both.
pub(super) fn with_wire(stream: TcpStream) -> io::Result<(TcpStream, Wire)> {
    stream.set_nodelay(true)?;
    let stream = stream.into_std()?;
    let wire = Wire(Arc::new(stream.try_clone()?));
    Ok((TcpStream::from_std(stream)?, wire))
}
