//! One connection to one broker: a request, then its answer.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{ANSWER_DEADLINE, CONNECT_DEADLINE, KafkaError, MAX_ANSWER_BYTES, encoding::Writer};

/// By which a broker's log knows us.
const CLIENT: &str = "iommi";

/// A request of the protocol.
#[derive(Clone, Copy, Debug)]
pub(super) struct Api {
    pub(super) name: &'static str,
    pub(super) key: i16,
    pub(super) version: i16,
}

/// An open connection. After an error it is of no use any more: an answer may still be under way.
#[derive(Debug)]
pub(super) struct Connection {
    address: String,
    stream: TcpStream,
    correlation: i32,
}

impl Connection {
    /// `address` is `host:port` on this machine: nothing is encrypted.
    pub(super) async fn open(address: &str) -> Result<Self, KafkaError> {
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        let address = address.to_owned();
        if !matches!(host, "127.0.0.1" | "localhost" | "[::1]") {
            return Err(KafkaError::Elsewhere { address });
        }
        match within(CONNECT_DEADLINE, TcpStream::connect(&address)).await {
            Ok(stream) => Ok(Self { address, stream, correlation: 0 }),
            Err(error) => Err(KafkaError::Connect { address, cause: error.to_string() }),
        }
    }

    /// Sends a request and reads its answer's body. `waits`: how long the broker may think about it.
    pub(super) async fn ask(
        &mut self,
        api: Api,
        body: Writer,
        waits: Duration,
    ) -> Result<Vec<u8>, KafkaError> {
        self.correlation = self.correlation.wrapping_add(1);
        let answer = within(ANSWER_DEADLINE + waits, self.exchange(api, body)).await;
        answer.map_err(|error| KafkaError::NoAnswer {
            address: self.address.clone(),
            what: api.name,
            cause: error.to_string(),
        })
    }

    async fn exchange(&mut self, api: Api, body: Writer) -> io::Result<Vec<u8>> {
        let header =
            Writer::default().i16(api.key).i16(api.version).i32(self.correlation).text(CLIENT);
        let (header, body) = (header.into_bytes(), body.into_bytes());
        let size = u32::try_from(header.len() + body.len()).map_err(io::Error::other)?;
        self.stream.write_all(&[&size.to_be_bytes(), &*header, &*body].concat()).await?;
        let size = usize::try_from(self.stream.read_u32().await?).unwrap_or(usize::MAX);
        if !(4..=MAX_ANSWER_BYTES).contains(&size) {
            return Err(io::Error::other(format!("an answer of {size} bytes is none")));
        }
        let correlation = self.stream.read_i32().await?;
        if correlation != self.correlation {
            return Err(io::Error::other("it answers another request"));
        }
        let mut answer = vec![0; size - 4];
        self.stream.read_exact(&mut answer).await?;
        Ok(answer)
    }
}

async fn within<T>(deadline: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let late =
        |_| io::Error::new(io::ErrorKind::TimedOut, format!("not within {} s", deadline.as_secs()));
    timeout(deadline, work).await.map_err(late)?
}
