//! Splitting an amount.

use crate::{Money, MoneyError};
use rust_decimal::Decimal;
use std::cmp::Reverse;

impl Money {
    /// Splits the amount by weights into shares that add up to it, to the last unit (largest remainder method): each
    /// share differs from the exact one by less than one of the currency's smallest units; what is left over goes, unit
    /// by unit, to those who lost most by rounding down, the first among equals. A weight of zero gets nothing.
    ///
    /// ```
    /// let third = money::Money::allocate("10.00 EUR".parse()?, &[1, 1, 1])?;
    /// assert_eq!(format!("{third:?}"), "[3.34 EUR, 3.33 EUR, 3.33 EUR]");
    /// # Ok::<_, money::MoneyError>(())
    /// ```
    ///
    /// # Errors
    /// [`MoneyError::NotRounded`] if the amount has a fraction of a smallest unit; [`MoneyError::NoMinorUnit`] if there
    /// is no smallest unit; [`MoneyError::NoWeights`] if there are none or all are zero; [`MoneyError::Overflow`] if the
    /// weights add up to more than a `u64` holds.
    pub fn allocate(self, weights: &[u64]) -> Result<Vec<Self>, MoneyError> {
        let exponent = self.exponent()?;
        let units = self.minor_units()?;
        let sum =
            weights.iter().try_fold(0_u64, |sum, weight| sum.checked_add(*weight)).map(u128::from);
        let sum = sum.ok_or(MoneyError::Overflow)?;
        if sum == 0 {
            return Err(MoneyError::NoWeights);
        }
        shares(units.unsigned_abs(), weights, sum)
            .into_iter()
            .map(|share| {
                let share = i128::try_from(share).map_err(|_| MoneyError::Overflow)?;
                let amount = Decimal::try_from_i128_with_scale(share * units.signum(), exponent);
                Ok(Self::new(amount.map_err(|_| MoneyError::Overflow)?, self.currency()))
            })
            .collect()
    }
}

/// `sum` is that of the weights, below 2^64: then no product below overflows.
fn shares(units: u128, weights: &[u64], sum: u128) -> Vec<u128> {
    let (quotient, rest) = (units / sum, units % sum);
    let parts = weights.iter().map(|weight| u128::from(*weight));
    let mut shares: Vec<u128> =
        parts.clone().map(|weight| quotient * weight + rest * weight / sum).collect();
    let mut by_loss: Vec<(usize, u128)> =
        parts.map(|weight| rest * weight % sum).enumerate().collect();
    by_loss.sort_by_key(|(_, loss)| Reverse(*loss));
    let left_over = units - shares.iter().sum::<u128>();
    for (index, _) in by_loss.into_iter().take(usize::try_from(left_over).unwrap_or(usize::MAX)) {
        shares[index] += 1;
    }
    shares
}
