//! A platform that hears of changes: it verifies what comes and remembers it.

use std::sync::{Arc, Mutex, MutexGuard};

use ::webhooks::{Headers, Verifier, VerifyingKey};
use serde_json::Value;
use simulator_shell::{Clock, HangUp, Reply, Request, Running, Simulator, StatusCode, reply};
use vendor::LOCAL_WEBHOOK_SECRET;

simulator_shell::faults! {
    /// Slow or down, as any API.
    pub(crate) struct NoFaults {}
}

impl simulator_shell::Faults for NoFaults {
    fn fieldsets() -> Vec<simulator_shell::Fieldset> {
        Vec::new()
    }
}

/// A webhook that came.
#[derive(Clone, Debug)]
pub(crate) struct Came {
    pub(crate) id: String,
    pub(crate) body: Value,
    pub(crate) is_believed: bool,
}

#[derive(Clone)]
pub(crate) struct FakePlatform {
    came: Arc<Mutex<Vec<Came>>>,
    clock: Clock,
}

impl FakePlatform {
    pub(crate) async fn start(clock: Clock) -> (Self, Running<Self>) {
        let platform = Self { came: Arc::default(), clock };
        let running =
            simulator_shell::start(platform.clone(), simulator_shell::Options::ephemeral());
        (platform, running.await.unwrap())
    }

    pub(crate) fn came(&self) -> Vec<Came> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Came>> {
        self.came.lock().unwrap()
    }
}

impl Simulator for FakePlatform {
    type Faults = NoFaults;
    const NAME: &'static str = "platform";
    const TITLE: &'static str = "Platform";
    const ABOUT: &'static str = "For tests.";

    async fn api(&self, request: Request, _faults: NoFaults) -> Result<Reply, HangUp> {
        assert_eq!(request.path(), "/sales/v1/vendor-events");
        let key: VerifyingKey = LOCAL_WEBHOOK_SECRET.parse().unwrap();
        let pairs = request.headers.iter().map(|(name, value)| (name.as_str(), value));
        let headers = Headers::from_pairs(pairs).unwrap();
        let verified = Verifier::new(key).verify(&headers, &request.body, self.clock.now());
        let is_believed = verified.is_ok();
        let body = serde_json::from_slice(&request.body).unwrap();
        let id = request.header("webhook-id").unwrap().to_owned();
        self.lock().push(Came { id, body, is_believed });
        let status = if is_believed { StatusCode::NO_CONTENT } else { StatusCode::UNAUTHORIZED };
        Ok(reply::with(status, "text/plain", ""))
    }
}
