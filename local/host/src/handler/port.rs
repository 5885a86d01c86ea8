//! A port for a process that the host starts.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    ops::Range,
};

use rand::Rng as _;

/// Below the range from which Linux and macOS hand out ports of their own accord: nobody gets ours by accident
/// between this choice and the handler's `bind`.
const PORTS: Range<u16> = 20_000..30_000;

/// How many of them are tried.
const TRIES: usize = 100;

/// A TCP port on 127.0.0.1 that nobody listens on.
pub(crate) fn free() -> io::Result<u16> {
    let mut random = rand::rng();
    for _ in 0..TRIES {
        let port = random.random_range(PORTS);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
