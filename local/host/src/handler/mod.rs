//! Handler processes: started on first use, watched, restarted by the host's rules, stopped when idle.

mod arguments;
mod client;
mod console;
mod guardian;
mod launch;
mod pool;
mod port;
mod process;
mod readiness;
mod rules;
mod state;
mod supervisor;

pub(crate) use client::{BoxError, HandlerBody, HandlerClient, SendError, empty_body};
pub(crate) use guardian::Guardian;
use launch::Launch;
pub(crate) use pool::{Lease, Pool, Unavailable};
pub(crate) use state::Condition;
