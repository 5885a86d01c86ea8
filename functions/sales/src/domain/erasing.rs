//! What becomes of an order when the person is erased whose it is.

use super::order::{CancelledBecause, Order};
use jiff::Timestamp;

impl Order {
    /// The person is erased. What the vendor has not delivered is cancelled; what it has is finished as far as the law wants
    /// it, and no mail goes out. Erased again it is the same order.
    pub(crate) fn person_erased(mut self, now: Timestamp) -> Self {
        if self.erased_at.is_some() {
            return self;
        }
        self.erased_at = Some(now);
        let erased = self.with_history(now, "person-erased", None, None, None);
        // Delivered is delivered: then it goes on.
        let erased = match erased.clone().cancel(CancelledBecause::ProfileErased, now) {
            Ok(cancelled) => cancelled,
            Err(_) => erased,
        };
        erased.forgotten().counted()
    }
}

#[cfg(test)]
#[path = "erasing_tests.rs"]
mod tests;
