//! What is looked at.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a scorecard can look at. All of it is computed of bank data; none of it says where or for what a person pays.
///
/// Shares are permille of the income of the same time, between −10,000 and 10,000 (ten times the income), which is also
/// what is spent without any income. A month is 30 days, half a year 180.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Characteristic {
    /// How old the oldest current account is, in months.
    MonthsOfHistory,
    /// Income in a month, in whole euros.
    IncomeLevel,
    /// Months whose income is within a quarter of the median month's, in permille of all months.
    IncomeRegularity,
    /// Days that ended with less than nothing on all accounts together, in half a year.
    DaysBelowZero,
    /// The lowest end of a day of all accounts together, in whole euros.
    LowestBalance,
    /// Direct debits that could not be paid, in half a year.
    ReturnedDebits,
    /// Standing orders, direct debits, fees and loans, as a share.
    FixedCostShare,
    /// What is left of the income, as a share.
    SavingsRate,
    /// Instalments of loans, as a share.
    LoanShare,
    /// The mean distance of what is left in a month from what is left in the mean month, as a share.
    Volatility,
    /// Simulated years of a thousand in which the money runs out.
    Shortfall,
}

impl Characteristic {
    /// All there are.
    pub const ALL: [Self; 11] = [
        Self::MonthsOfHistory,
        Self::IncomeLevel,
        Self::IncomeRegularity,
        Self::DaysBelowZero,
        Self::LowestBalance,
        Self::ReturnedDebits,
        Self::FixedCostShare,
        Self::SavingsRate,
        Self::LoanShare,
        Self::Volatility,
        Self::Shortfall,
    ];

    /// As cards, results and contracts write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MonthsOfHistory => "months-of-history",
            Self::IncomeLevel => "income-level",
            Self::IncomeRegularity => "income-regularity",
            Self::DaysBelowZero => "days-below-zero",
            Self::LowestBalance => "lowest-balance",
            Self::ReturnedDebits => "returned-debits",
            Self::FixedCostShare => "fixed-cost-share",
            Self::SavingsRate => "savings-rate",
            Self::LoanShare => "loan-share",
            Self::Volatility => "volatility",
            Self::Shortfall => "shortfall",
        }
    }
}

impl fmt::Display for Characteristic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_serde_writes() {
        for characteristic in Characteristic::ALL {
            assert_eq!(serde_json::to_value(characteristic).unwrap(), characteristic.name());
        }
        assert!(Characteristic::ALL.is_sorted());
    }
}
