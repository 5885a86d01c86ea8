//! What a simulator is to the shell.

use serde_json::Value;

use crate::{Faults, HangUp, Refusal, Reply, Request, Section};

/// A system of somebody else, simulated. Shared by all connections.
pub trait Simulator: Send + Sync + 'static {
    /// What can go wrong with it.
    type Faults: Faults;

    /// The name of its folder, crate and binary: `card-network`.
    const NAME: &'static str;
    /// The headline of its page.
    const TITLE: &'static str;
    /// One sentence below it: what it is, and what it must not be taken for.
    const ABOUT: &'static str;
    /// The largest body that is read, in bytes.
    const MAX_BODY_BYTES: usize = 1 << 20;
    /// Connections served at a time; further ones wait in the operating system's backlog.
    const MAX_CONNECTIONS: usize = 256;

    /// Answers a request to the API. `faults` are those that strike this request; slowness, outages and throttling were
    /// dealt with before. An error closes the connection without an answer.
    fn api(
        &self,
        request: Request,
        faults: Self::Faults,
    ) -> impl Future<Output = Result<Reply, HangUp>> + Send;

    /// Answers what is no part of the API: addresses for people and tests. They are neither logged nor struck. `None`
    /// leaves the request to the API.
    fn control(&self, request: &Request) -> impl Future<Output = Option<Reply>> + Send {
        let _ = request;
        async { None }
    }

    /// Whether the faults in force have to do with this request of the API. One that they do not concern is neither struck
    /// nor counted in `times`: so `times` can mean the third page, once.
    fn concerns(&self, request: &Request, faults: &Self::Faults) -> bool {
        let _ = (request, faults);
        true
    }

    /// What its page shows above the faults; `query` is that of the page's address.
    fn sections(&self, query: &str) -> impl Future<Output = Vec<Section>> + Send {
        let _ = query;
        async { Vec::new() }
    }

    /// How this API says that it refuses for a reason of the shell's.
    fn refuse(&self, refusal: &Refusal) -> Reply {
        refusal.problem()
    }

    /// What the log keeps of a request beside method, path, status and trace; never what must not be kept.
    fn detail(&self, request: &Request) -> Value {
        let _ = request;
        Value::Null
    }
}
