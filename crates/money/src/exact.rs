//! Decimal arithmetic that is exact or not at all. `Decimal`'s own operators round to 28 digits where the exact result
//! does not fit, and rounding twice loses cents.

use crate::MoneyError;
use rust_decimal::Decimal;

/// The most decimals that a `Decimal` has.
const MAX_SCALE: u32 = Decimal::MAX_SCALE;

pub(crate) fn sum(left: Decimal, right: Decimal) -> Result<Decimal, MoneyError> {
    let scale = left.scale().max(right.scale());
    let shifted = |number: Decimal| times_ten_to(number.mantissa(), scale - number.scale());
    shifted(left)
        .zip(shifted(right))
        .and_then(|(left, right)| left.checked_add(right))
        .ok_or(MoneyError::Overflow)
        .and_then(|mantissa| decimal(mantissa, scale))
}

pub(crate) fn product(left: Decimal, right: Decimal) -> Result<Decimal, MoneyError> {
    let (left, right) = (left.normalize(), right.normalize());
    let mantissa = left.mantissa().checked_mul(right.mantissa()).ok_or(MoneyError::Overflow)?;
    decimal(mantissa, left.scale() + right.scale())
}

/// The quotient with `digits` decimals, rounded once, half away from zero.
pub(crate) fn quotient(
    dividend: Decimal,
    divisor: Decimal,
    digits: u32,
) -> Result<Decimal, MoneyError> {
    let (dividend, divisor) = (dividend.normalize(), divisor.normalize());
    if divisor.is_zero() {
        return Err(MoneyError::DividedByZero);
    }
    // dividend / divisor * 10^digits as one fraction of whole numbers.
    let above = times_ten_to(dividend.mantissa(), digits + divisor.scale());
    let below = times_ten_to(divisor.mantissa(), dividend.scale());
    let (above, below) = above.zip(below).ok_or(MoneyError::Overflow)?;
    let (whole, rest) = (above / below, above % below);
    let up = rest.unsigned_abs() >= below.unsigned_abs().div_ceil(2);
    let away = if (above < 0) == (below < 0) { 1 } else { -1 };
    decimal(if up && rest != 0 { whole + away } else { whole }, digits)
}

fn times_ten_to(mantissa: i128, power: u32) -> Option<i128> {
    mantissa.checked_mul(10_i128.checked_pow(power)?)
}

/// Trailing zeros give way where the digits would not fit otherwise.
fn decimal(mut mantissa: i128, mut scale: u32) -> Result<Decimal, MoneyError> {
    loop {
        if scale <= MAX_SCALE
            && let Ok(number) = Decimal::try_from_i128_with_scale(mantissa, scale)
        {
            return Ok(number);
        }
        if scale == 0 || mantissa % 10 != 0 {
            return Err(MoneyError::Overflow);
        }
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
}
