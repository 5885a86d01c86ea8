//! Takes telemetry (OTLP over HTTP) and forgets it: the other end of an exporter.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use serde_json::json;

/// More than any exporter sends at once.
const MAX_BODY_BYTES: u64 = 16 * 1024 * 1024;

static REQUESTS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// Says on which port, and when standard input ends how much came.
pub(crate) fn run() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    writeln!(io::stdout(), "{}", json!({ "port": listener.local_addr()?.port() }))?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Who breaks off has nothing to be told.
            thread::spawn(move || take(stream).ok());
        }
    });
    io::copy(&mut io::stdin(), &mut io::sink())?;
    let (requests, bytes) = (REQUESTS.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
    writeln!(io::stdout(), "{}", json!({ "requests": requests, "bytes": bytes }))
}

fn take(stream: TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut answer = stream;
    loop {
        let Some(length) = length(&mut reader)? else { return Ok(()) };
        io::copy(&mut (&mut reader).take(length.min(MAX_BODY_BYTES)), &mut io::sink())?;
        REQUESTS.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(length, Ordering::Relaxed);
        answer.write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n",
        )?;
    }
}

/// The length of the body of the next request, none at the end.
fn length(reader: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = 0;
    for number in 0.. {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line.trim().is_empty() && number > 0 {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    Ok(Some(length))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn each_export_over_one_connection_is_taken_whole_and_answered() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut exporter = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, _) = listener.accept().unwrap();
        let taken = thread::spawn(move || take(stream));
        exporter
            .write_all(
                b"POST /v1/traces HTTP/1.1\r\nContent-Length: 5\r\n\r\nspansPOST /v1/metrics HTTP/1.1\r\n\
                  content-length: 0\r\n\r\n",
            )
            .unwrap();
        exporter.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answers = String::new();
        exporter.read_to_string(&mut answers).unwrap();
        assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2);
        taken.join().unwrap().unwrap();
        assert_eq!((REQUESTS.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed)), (2, 5));
    }
}
