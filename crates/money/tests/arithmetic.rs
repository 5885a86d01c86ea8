//! Reckoning with money: exact, or an error.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use money::{Currency, Money, MoneyError};
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn currency(code: &str) -> Currency {
    code.parse().unwrap()
}

#[test]
fn an_amount_has_one_canonical_text() {
    for (given, shown) in [
        ("9.9 EUR", "9.90 EUR"),
        ("9.900 EUR", "9.90 EUR"),
        ("-0.005 EUR", "-0.005 EUR"),
        ("980 JPY", "980 JPY"),
        ("1 KWD", "1.000 KWD"),
        ("0.125 XAU", "0.125 XAU"),
    ] {
        assert_eq!(money(given).to_string(), shown);
    }
    for bad in
        ["", "9.90", "9.90EUR", "9.90 eur", "1e3 EUR", "+1 EUR", ".5 EUR", "5. EUR", "-- EUR"]
    {
        assert!(bad.parse::<Money>().is_err(), "{bad}");
    }
}

#[test]
fn json_is_text_and_never_a_number() {
    let written = serde_json::to_string(&money("9.9 EUR")).unwrap();
    assert_eq!(written, r#"{"amount":"9.90","currency":"EUR"}"#);
    assert_eq!(serde_json::from_str::<Money>(&written).unwrap(), money("9.90 EUR"));
    assert!(serde_json::from_str::<Money>(r#"{"amount":9.9,"currency":"EUR"}"#).is_err());
}

#[test]
fn currencies_do_not_mix() {
    let (left, right) = (currency("EUR"), currency("SEK"));
    let refused = Err(MoneyError::DifferentCurrencies { left, right });
    assert_eq!(money("1 EUR").plus(money("1 SEK")), refused);
    assert_eq!(money("1 EUR").minus(money("1 SEK")), refused);
}

#[test]
fn what_does_not_fit_is_an_error_and_not_rounded() {
    let most = Money::new(Decimal::MAX, currency("EUR"));
    assert_eq!(most.plus(money("1 EUR")), Err(MoneyError::Overflow));
    assert_eq!(most.plus(money("0.5 EUR")), Err(MoneyError::Overflow), "Decimal would round");
    assert_eq!(most.times(Decimal::TWO), Err(MoneyError::Overflow));
    let tiny = Decimal::new(1, 28);
    assert_eq!(money("0.1 EUR").times(tiny), Err(MoneyError::Overflow), "Decimal would say 0");
    assert_eq!(money("1 EUR").divided_by(Decimal::ZERO), Err(MoneyError::DividedByZero));
}

#[test]
fn half_a_unit_goes_away_from_zero() {
    for (given, rounded) in [
        ("0.005 EUR", "0.01 EUR"),
        ("-0.005 EUR", "-0.01 EUR"),
        ("0.015 EUR", "0.02 EUR"),
        ("0.0049999 EUR", "0.00 EUR"),
        ("2.5 JPY", "3 JPY"),
        ("-2.5 JPY", "-3 JPY"),
        ("1.0005 KWD", "1.001 KWD"),
    ] {
        assert_eq!(money(given).rounded(), Ok(money(rounded)), "{given}");
    }
    assert_eq!(money("1 EUR").divided_by(Decimal::from(-8)), Ok(money("-0.13 EUR")));
}

#[test]
fn without_a_smallest_unit_there_is_no_rounding_but_adding() {
    let gold = money("0.1234567 XAU");
    assert_eq!(gold.rounded(), Err(MoneyError::NoMinorUnit(currency("XAU"))));
    assert_eq!(gold.allocate(&[1]), Err(MoneyError::NoMinorUnit(currency("XAU"))));
    assert_eq!(gold.plus(gold), Ok(money("0.2469134 XAU")));
}

#[test]
fn only_whole_units_can_be_split_and_only_among_somebody() {
    assert_eq!(money("0.005 EUR").allocate(&[1]), Err(MoneyError::NotRounded(currency("EUR"))));
    assert_eq!(money("1 EUR").allocate(&[]), Err(MoneyError::NoWeights));
    assert_eq!(money("1 EUR").allocate(&[0, 0]), Err(MoneyError::NoWeights));
    assert_eq!(money("1 EUR").allocate(&[u64::MAX, 1]), Err(MoneyError::Overflow));
}

/// Any amount with up to nine decimals, in a currency with 0, 2, 3 or 4 of them.
fn any_money() -> impl Strategy<Value = Money> {
    let code = prop::sample::select(vec!["EUR", "JPY", "KWD", "CLF"]);
    (-1_000_000_000_000_000_i64..1_000_000_000_000_000, 0..10_u32, code)
        .prop_map(|(digits, scale, code)| Money::new(Decimal::new(digits, scale), currency(code)))
}

/// `digits / 10^scale` rounded to `exponent` decimals, in whole numbers only: twice the amount plus one, halved.
fn rounded_by_hand(amount: Decimal, exponent: u32) -> i128 {
    let digits = amount.mantissa();
    let Some(too_many) = amount.scale().checked_sub(exponent).filter(|n| *n > 0) else {
        return digits * 10_i128.pow(exponent - amount.scale());
    };
    let unit = 10_i128.pow(too_many);
    digits.signum() * ((2 * digits.abs() + unit) / (2 * unit))
}

proptest! {
    #[test]
    fn rounding_agrees_with_a_formula_of_whole_numbers(money in any_money()) {
        let exponent = money.currency().exponent().unwrap();
        let expected = rounded_by_hand(money.amount(), exponent);
        let rounded = money.rounded().unwrap();
        prop_assert_eq!(rounded.minor_units(), Ok(expected));
        prop_assert_eq!(rounded.rounded(), Ok(rounded));
        prop_assert_eq!(money.divided_by(Decimal::ONE), Ok(rounded));
    }

    #[test]
    fn shares_add_up_to_the_last_unit_and_are_less_than_one_unit_off(
        money in any_money(),
        weights in prop::collection::vec(0..1_000_000_u64, 1..20),
    ) {
        let whole = money.rounded().unwrap();
        let sum: u64 = weights.iter().sum();
        prop_assume!(sum > 0);
        let shares = whole.allocate(&weights).unwrap();
        let zero = Money::zero(whole.currency());
        let total = shares.iter().try_fold(zero, |total, share| total.plus(*share)).unwrap();
        prop_assert_eq!(total, whole);
        let units = whole.minor_units().unwrap();
        for (share, weight) in shares.iter().zip(&weights) {
            // |share - units * weight / sum| < 1, without dividing.
            let off = share.minor_units().unwrap() * i128::from(sum) - units * i128::from(*weight);
            prop_assert!(off.abs() < i128::from(sum), "{} of {:?}", share, whole);
            prop_assert!(*weight > 0 || *share == zero);
        }
    }

    #[test]
    fn no_weights_and_amounts_however_large_lose_a_unit(
        units: i64,
        weights in prop::collection::vec(0..u64::MAX / 20, 1..20),
    ) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let whole = Money::from_minor_units(units, currency("EUR")).unwrap();
        let shares = whole.allocate(&weights).unwrap();
        let total: i128 = shares.iter().map(|share| share.minor_units().unwrap()).sum();
        prop_assert_eq!(total, i128::from(units));
    }

    #[test]
    fn sums_and_differences_undo_each_other_and_text_and_json_keep_the_value(
        left in any_money(),
        digits: i64,
        scale in 0..10_u32,
    ) {
        let right = Money::new(Decimal::new(digits, scale), left.currency());
        let sum = left.plus(right).unwrap();
        prop_assert_eq!(sum.minus(right), Ok(left));
        prop_assert_eq!(right.plus(left), Ok(sum));
        prop_assert_eq!(sum.to_string().parse(), Ok(sum));
        let json = serde_json::to_value(sum).unwrap();
        prop_assert_eq!(serde_json::from_value::<Money>(json).unwrap(), sum);
    }

    #[test]
    fn no_two_currencies_are_ever_reckoned_with_each_other(left in any_money(), right in any_money()) {
        prop_assert_eq!(left.plus(right).is_ok(), left.currency() == right.currency());
        prop_assert_eq!(left.minus(right).is_ok(), left.currency() == right.currency());
    }
}
