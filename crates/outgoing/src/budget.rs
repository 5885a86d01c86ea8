//! The purse from which second tries are paid.

use crate::limits::RetryBudget;

#[derive(Debug)]
pub(crate) struct Purse {
    budget: RetryBudget,
    /// In parts of a try: a try costs `calls_per_retry`, a call earns one.
    saved: u32,
}

impl Purse {
    pub(crate) fn full(budget: RetryBudget) -> Self {
        Self { budget, saved: Self::most(budget) }
    }

    fn most(budget: RetryBudget) -> u32 {
        budget.most_saved.saturating_mul(budget.calls_per_retry)
    }

    /// A call begins.
    pub(crate) fn earn(&mut self) {
        self.saved = self.saved.saturating_add(1).min(Self::most(self.budget));
    }

    /// Whether a second try can be paid; then it is.
    pub(crate) fn pay(&mut self) -> bool {
        match self.saved.checked_sub(self.budget.calls_per_retry) {
            Some(left) if self.budget.most_saved > 0 => {
                self.saved = left;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_at_once_and_then_one_for_every_few_calls() {
        let mut purse = Purse::full(RetryBudget { most_saved: 2, calls_per_retry: 5 });
        assert!(purse.pay() && purse.pay() && !purse.pay());
        for _ in 0..4 {
            purse.earn();
        }
        assert!(!purse.pay());
        purse.earn();
        assert!(purse.pay() && !purse.pay());
        for _ in 0..100 {
            purse.earn();
        }
        assert!(purse.pay() && purse.pay() && !purse.pay(), "no more than the most");
    }

    #[test]
    fn no_budget_is_no_second_try() {
        assert!(!Purse::full(RetryBudget { most_saved: 0, calls_per_retry: 0 }).pay());
    }
}
