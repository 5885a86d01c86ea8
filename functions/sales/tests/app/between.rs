//! Somebody between two apps who passes on what is asked, and loses answers: what was asked for is done by then.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The largest request that is passed on, in bytes.
const MAX_REQUEST: usize = 64 << 10;

#[derive(Debug, Clone)]
pub(crate) struct Between {
    port: u16,
    /// Where the other app is.
    to: Arc<AtomicU32>,
    lost: Arc<AtomicU32>,
}

impl Between {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let between = Self { port, to: Arc::default(), lost: Arc::default() };
        let here = between.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let here = here.clone();
                tokio::spawn(async move { here.pass_on(client).await });
            }
        });
        between
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    pub(crate) fn leads_to(&self, url: &str) {
        let port: u32 = url.rsplit_once(':').unwrap().1.parse().unwrap();
        self.to.store(port, Relaxed);
    }

    /// The next answers are lost.
    pub(crate) fn loses(&self, answers: u32) {
        self.lost.store(answers, Relaxed);
    }

    async fn pass_on(&self, mut client: TcpStream) -> Option<()> {
        let request = whole(&mut client).await?;
        let port = u16::try_from(self.to.load(Relaxed)).unwrap();
        let mut app = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
        app.write_all(&request).await.ok()?;
        let mut answer = Vec::new();
        app.read_to_end(&mut answer).await.ok()?;
        let is_lost = self.lost.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok();
        if !is_lost {
            client.write_all(&answer).await.ok()?;
        }
        client.shutdown().await.ok()
    }
}

/// A request, after which the other side closes.
async fn whole(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let head = loop {
        client.read_buf(&mut request).await.ok().filter(|read| *read > 0)?;
        let end = request.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            break String::from_utf8(request[..end].to_vec()).unwrap();
        }
        assert!(request.len() <= MAX_REQUEST, "a long head");
    };
    let length = head.lines().filter_map(|line| line.split_once(':'));
    let mut length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.next().map_or(0, |(_, value)| value.trim().parse().unwrap());
    while request.len() < head.len() + 4 + length {
        client.read_buf(&mut request).await.ok().filter(|read| *read > 0)?;
    }
    let line = head.find("\r\n").unwrap() + 2;
    request.splice(line..line, *b"connection: close\r\n");
    Some(request)
}
