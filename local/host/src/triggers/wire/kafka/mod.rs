//! Kafka's protocol, as far as a consumer without a group of its own needs it: who leads which partition, how far a group
//! is, what comes next, and that it was done. Plain TCP to a broker on this machine.
//!
//! Source: the protocol guide of Apache Kafka. The versions of requests are the oldest that brokers from 0.11 to 4 take,
//! so that there is one form of each.

mod cluster;
mod connection;
mod encoding;
mod records;

pub(crate) use cluster::{Cluster, Position};

use std::time::Duration;

/// Why a broker did not do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KafkaError {
    /// Nobody answers there.
    #[error("connecting to the broker {address}: {cause}")]
    Connect {
        /// `host:port`.
        address: String,
        /// Why.
        cause: String,
    },
    /// A broker of which others say that it is somewhere else.
    #[error(
        "the broker {address} is not on this machine; the local host reads brokers on this machine only: set \
         advertised.listeners of the broker to 127.0.0.1, or disable the function by a setting"
    )]
    Elsewhere {
        /// `host:port`.
        address: String,
    },
    /// No answer, or none to its end.
    #[error("asking the broker {address} for {what}: {cause}")]
    NoAnswer {
        /// `host:port`.
        address: String,
        /// The request.
        what: &'static str,
        /// Why.
        cause: String,
    },
    /// The broker refuses it.
    #[error("asking for {what} of {about}: error {code} of Kafka{}", meaning(*code))]
    Refused {
        /// The request.
        what: &'static str,
        /// The topic or the group.
        about: String,
        /// By the protocol's table of errors.
        code: i16,
    },
    /// An answer that this host cannot read.
    #[error("reading {what}: {problem}")]
    Unreadable {
        /// Of what.
        what: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

/// An offset that the partition does not have.
pub(crate) const OFFSET_OUT_OF_RANGE: i16 = 1;
/// There is no such topic.
const UNKNOWN_TOPIC: i16 = 3;
/// How long a connection may take.
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
/// How long an answer may take, besides what the request itself waits.
const ANSWER_DEADLINE: Duration = Duration::from_secs(10);
/// The largest answer.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// What the errors mean that somebody meets.
fn meaning(code: i16) -> &'static str {
    match code {
        OFFSET_OUT_OF_RANGE => ", no such offset",
        UNKNOWN_TOPIC => ", no such topic: create it",
        5 | 6 => ", the partition has no leader there now",
        14 => ", the group is being loaded",
        15 | 16 => ", the group has no coordinator there now",
        25 => ", the group has members: another program reads in it",
        29..=31 => ", not allowed",
        _ => "",
    }
}
