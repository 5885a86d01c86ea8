//! A server that answers as a test wants, byte for byte, and notes what it was asked.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// One answer.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Status, header lines (each with its line end), body; then the connection is closed.
    Answer(u16, String, String),
    /// None, ever.
    Silence,
    /// A body that never ends: 1 KiB after the other.
    Endless,
    /// The head of an answer, 10 of 20 bytes of its body, and nothing more.
    Half,
    /// The connection is closed in the middle.
    Broken,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::Answer(status, String::new(), String::new())
    }

    pub(crate) fn ok(body: &str) -> Self {
        Self::Answer(200, "content-type: application/json\r\n".to_owned(), body.to_owned())
    }

    pub(crate) fn with(status: u16, header: &str) -> Self {
        Self::Answer(status, format!("{header}\r\n"), String::new())
    }
}

pub(crate) struct Server {
    pub(crate) port: u16,
    address: IpAddr,
    heads: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers the first request with the first reply and so on; the last reply is for all that follow.
    pub(crate) async fn start(replies: impl Into<Vec<Reply>>) -> Self {
        Self::start_at([127, 0, 0, 1].into(), 0, replies).await
    }

    pub(crate) async fn start_at(
        address: IpAddr,
        port: u16,
        replies: impl Into<Vec<Reply>>,
    ) -> Self {
        let listener = TcpListener::bind((address, port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let (noted, replies) = (Arc::clone(&heads), replies.into());
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, Arc::clone(&noted), replies.clone()));
            }
        });
        Self { port, address, heads, task }
    }

    pub(crate) fn url(&self, path: &str) -> outgoing::Url {
        format!("http://{}:{}{path}", self.address, self.port).parse().unwrap()
    }

    /// How often it was asked.
    pub(crate) fn requests(&self) -> usize {
        self.heads.lock().unwrap().len()
    }

    /// The head of its `nth` request, in small letters.
    pub(crate) fn head(&self, nth: usize) -> String {
        self.heads.lock().unwrap()[nth].to_ascii_lowercase()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut connection: TcpStream, heads: Arc<Mutex<Vec<String>>>, replies: Vec<Reply>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match connection.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let reply = {
        let mut heads = heads.lock().unwrap();
        heads.push(String::from_utf8(head).unwrap());
        replies[(heads.len() - 1).min(replies.len() - 1)].clone()
    };
    // The client may be gone before the answer is.
    let _ = answer(&mut connection, reply).await;
}

async fn answer(connection: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Answer(status, headers, body) => {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} x\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
            );
            connection.write_all(format!("{head}{body}").as_bytes()).await?;
            // What is left of the request must be read, or the answer may be lost with the connection.
            connection.shutdown().await?;
            tokio::io::copy(connection, &mut tokio::io::sink()).await.map(|_| ())
        }
        Reply::Silence => std::future::pending().await,
        Reply::Broken => Ok(()),
        Reply::Half => {
            connection.write_all(b"HTTP/1.1 200 x\r\ncontent-length: 20\r\n\r\n0123456789").await?;
            std::future::pending().await
        }
        Reply::Endless => {
            connection.write_all(b"HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            let chunk = format!("400\r\n{}\r\n", "x".repeat(1024));
            loop {
                connection.write_all(chunk.as_bytes()).await?;
            }
        }
    }
}
