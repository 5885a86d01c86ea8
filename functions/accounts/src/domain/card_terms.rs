//! What people may say about cards.

use super::terms::read_amount;
use super::{Amount, CardLimits, Face, Loss};
use money::Currency;
use serde_json::Value;
use values::{Fields, Refused, Violations};

/// Digits of the code in a card's letter.
const CODE_DIGITS: usize = 6;
/// The network of a card unless somebody says another.
const NETWORK: &str = "visa";
/// Longest name of a network, in characters.
const MAX_NETWORK: usize = 20;

impl CardLimits {
    /// The body of `POST cards`, and of `PATCH cards/{cardId}` merged into what is.
    pub(crate) fn parse(body: &Value, currency: Currency) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let limits = Self::read(&mut fields, currency);
        fields.finish()?;
        Ok(limits?)
    }

    fn read(fields: &mut Fields<'_>, currency: Currency) -> Result<Self, Refused> {
        let purchase = optional_limit(fields, "purchaseLimit", currency);
        let month = optional_limit(fields, "monthLimit", currency);
        Ok(Self { purchase: purchase?, month: month? })
    }
}

/// The body of `PUT cards/{cardId}`: a card that its holder has and uses already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownCard<T> {
    /// What the processor calls it, which is no business of the domain.
    pub(crate) token: T,
    pub(crate) face: Face,
    pub(crate) limits: CardLimits,
}

impl<T> KnownCard<T> {
    pub(crate) fn parse(
        body: &Value,
        currency: Currency,
        read_token: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let token = fields.text("token", read_token);
        let last_four = fields.text("lastFour", last_four);
        let expires = fields.text("expires", expires);
        let name = fields.optional_text("network", network);
        let limits = CardLimits::read(&mut fields, currency);
        fields.finish()?;
        let network = name?.unwrap_or_else(|| NETWORK.to_owned());
        let face = Face { last_four: last_four?, expires: expires?, network };
        Ok(Self { token: token?, face, limits: limits? })
    }
}

/// The body of `PUT cards/{cardId}/activation`: who has the card and its letter knows both.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Activation {
    pub(crate) last_four: String,
    pub(crate) code: String,
}

impl Activation {
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let last_four = fields.text("lastFour", last_four);
        let code = fields.text("code", |text| {
            digits(text, CODE_DIGITS, "must be the six digits of the card's letter")
        });
        fields.finish()?;
        Ok(Self { last_four: last_four?, code: code? })
    }
}

/// The body of `PUT cards/{cardId}/replacement`.
pub(crate) fn parse_loss(body: &Value) -> Result<Loss, Violations> {
    let mut fields = Fields::of(body)?;
    let why = fields.text("why", |text| match text {
        "lost" => Ok(Loss::Lost),
        "stolen" => Ok(Loss::Stolen),
        "damaged" => Ok(Loss::Damaged),
        _ => Err("must be lost, stolen or damaged"),
    });
    fields.finish()?;
    Ok(why?)
}

pub(crate) fn last_four(text: &str) -> Result<String, &'static str> {
    digits(text, 4, "must be the last four digits of the card's number, and no more")
}

fn digits(text: &str, length: usize, otherwise: &'static str) -> Result<String, &'static str> {
    let fits = text.len() == length && text.chars().all(|c| c.is_ascii_digit());
    if fits { Ok(text.to_owned()) } else { Err(otherwise) }
}

pub(crate) fn network(text: &str) -> Result<String, &'static str> {
    let fits =
        (1..=MAX_NETWORK).contains(&text.len()) && text.chars().all(|c| c.is_ascii_lowercase());
    if fits { Ok(text.to_owned()) } else { Err("must be 1 to 20 letters a to z, such as visa") }
}

pub(crate) fn expires(text: &str) -> Result<String, &'static str> {
    let month = text.split_once('-').and_then(|(year, month)| {
        let is_number =
            |text: &str, length| text.len() == length && text.chars().all(|c| c.is_ascii_digit());
        (is_number(year, 4) && is_number(month, 2)).then(|| month.parse::<u8>().ok())?
    });
    match month {
        Some(1..=12) => Ok(text.to_owned()),
        _ => Err("must be a month such as 2029-04"),
    }
}

fn optional_limit(
    fields: &mut Fields<'_>,
    name: &'static str,
    currency: Currency,
) -> Result<Option<Amount>, Refused> {
    let limit = fields.optional_object(name, |limit| read_amount(limit, Some(currency)))?;
    Ok(limit.map(|(amount, _)| amount))
}
