//! Handlers as the Functions host meets them: listening, over real sockets, byte by byte.

#[cfg(test)]
mod enveloped_http;
#[cfg(test)]
mod golden;
mod kafka;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod outputs;
#[cfg(test)]
mod plain_http;
#[cfg(test)]
mod reading_requests;
#[cfg(test)]
mod support;
#[cfg(test)]
mod unmatched;
