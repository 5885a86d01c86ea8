//! One HTTP/1.1 connection that is kept, with as little as possible beside what is measured.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

const READ_BYTES: usize = 16 * 1024;
/// Who is silent for so long does not answer any more.
const PATIENCE: Duration = Duration::from_secs(30);
/// Statuses whose answers have no body, whatever their headers say.
const WITHOUT_BODY: [u16; 2] = [204, 304];

/// The bytes of a GET, from a line: a path, and behind tabs headers.
pub(crate) fn request(line: &str) -> Vec<u8> {
    let mut words = line.split('\t');
    let mut text = format!("GET {} HTTP/1.1\r\nhost: 127.0.0.1\r\n", words.next().unwrap_or("/"));
    for header in words {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// Connects when it is first used, and again when it broke.
pub(crate) struct Connection {
    port: u16,
    stream: Option<TcpStream>,
    read: Vec<u8>,
}

impl Connection {
    pub(crate) fn new(port: u16) -> Self {
        Self { port, stream: None, read: Vec::with_capacity(READ_BYTES) }
    }

    /// Sends a request and reads its answer to the end: its status.
    ///
    /// # Errors
    /// The connection broke, or what came is no answer with a length; the next request gets a new connection.
    pub(crate) fn ask(&mut self, request: &[u8]) -> io::Result<u16> {
        let answered = self.exchange(request);
        if answered.is_err() {
            self.stream = None;
        }
        answered
    }

    fn exchange(&mut self, request: &[u8]) -> io::Result<u16> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => none.insert(connected(self.port)?),
        };
        stream.write_all(request)?;
        self.read.clear();
        loop {
            if let Some((status, ends)) = head(&self.read)?
                && self.read.len() >= ends
            {
                return Ok(status);
            }
            let before = self.read.len();
            self.read.resize(before + READ_BYTES, 0);
            let count = stream.read(&mut self.read[before..])?;
            self.read.truncate(before + count);
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

fn connected(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// The status of an answer and where it ends, once its head is there.
fn head(read: &[u8]) -> io::Result<Option<(u16, usize)>> {
    let Some(length) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
    let text = str::from_utf8(&read[..length]).map_err(|_| wrong("the head is no text"))?;
    let status = text.get(9..12).and_then(|digits| digits.parse().ok());
    let status = status.ok_or_else(|| wrong("the answer has no status"))?;
    if WITHOUT_BODY.contains(&status) {
        return Ok(Some((status, length + 4)));
    }
    let mut headers = text.lines().filter_map(|line| line.split_once(':'));
    let body = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let body: Option<usize> = body.and_then(|(_, value)| value.trim().parse().ok());
    let body = body.ok_or_else(|| wrong("the answer has no content-length"))?;
    Ok(Some((status, length + 4 + body)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_length_says() {
        assert_eq!(head(b"HTTP/1.1 200 OK\r\nContent-Le").unwrap(), None);
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        assert_eq!(head(whole).unwrap(), Some((200, whole.len())));
        let known = b"HTTP/1.1 304 Not Modified\r\netag: \"1\"\r\n\r\n";
        assert_eq!(head(known).unwrap(), Some((304, known.len())));
        assert!(head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    #[test]
    fn a_line_is_a_path_and_its_headers() {
        let bytes = request("/a\tx: 1\ty: 2");
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "GET /a HTTP/1.1\r\nhost: 127.0.0.1\r\nx: 1\r\ny: 2\r\n\r\n");
    }
}
