//! Services that fail, late and lost answers, old reads.

use std::sync::Arc;

use local_data::{Fault, Faults, Requests, Rule, Service, When};

use crate::Platform;

/// A scenario that makes more requests than this is too large to lose each answer of.
const MOST_REQUESTS: u64 = 500;

impl Platform {
    /// What the data services do wrong.
    #[must_use]
    pub fn faults(&self) -> &Arc<Faults> {
        self.host().data().faults()
    }

    /// Runs `scenario` for n = 1, 2, 3 … with the answer of the n-th of these requests lost, until there is no n-th, and
    /// returns how many there were. `scenario` is given n, for names of its own; what n was stands in the test's output.
    ///
    /// `only` should leave out what triggers do by themselves, such as leases: these go on for ever.
    pub async fn with_each_answer_lost(
        &self,
        service: Service,
        only: Requests,
        scenario: impl AsyncFn(u64),
    ) -> u64 {
        for n in 1..=MOST_REQUESTS {
            eprintln!("{service}: the answer of request {n} is lost");
            let (only, fault, when) = (only.clone(), Fault::LoseAnswer, When::Nth(n));
            let rule = self.faults().add(Rule { service, only, fault, when });
            scenario(n).await;
            self.faults().remove(rule);
            if self.faults().met(rule) < n {
                return n - 1;
            }
        }
        panic!("the scenario makes more than {MOST_REQUESTS} requests to {service}")
    }
}
