//! Handler processes: started on first use, watched, restarted by the host's rules, stopped when idle. Simulators are
//! processes of the same kind (`Process`) under rules of their own.

mod arguments;
mod client;
mod console;
mod guardian;
mod launch;
mod pool;
mod port;
mod process;
mod readiness;
mod rest;
mod rules;
mod state;
mod supervisor;

pub(crate) use client::{BoxError, HandlerBody, HandlerClient, SendError, empty_body};
pub(crate) use guardian::Guardian;
pub(crate) use launch::Launch;
pub(crate) use pool::{Lease, Lost, Pool, Unavailable};
pub(crate) use port::free as free_port;
pub(crate) use process::{Ended, Process};
pub(crate) use rest::Rest;
pub(crate) use state::Condition;
