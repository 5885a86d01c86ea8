//! The cards that the processor makes: their tokens, the letters with their codes.

use jiff::Timestamp;
use ring::hmac::{self, HMAC_SHA256, Key};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a card works.
const YEARS: i16 = 4;
/// Letters of a token behind `tok_`: more than anybody guesses.
const TOKEN_LETTERS: usize = 24;

/// A card, by the platform's id.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssuedCard {
    pub(crate) id: Uuid,
    pub(crate) token: String,
    pub(crate) last_four: String,
    /// The last month in which it works, `2030-11`.
    pub(crate) expires: String,
    /// In the letter that comes with it.
    pub(crate) code: String,
    pub(crate) made_at: Timestamp,
    /// Another card has taken its place.
    pub(crate) is_replaced: bool,
    /// The right code was said, and the platform is told.
    pub(crate) is_activated: bool,
}

impl IssuedCard {
    /// Made of its id and the processor's key: also a processor that has forgotten all makes the same again.
    pub(crate) fn make(id: Uuid, key: &[u8], now: Timestamp) -> Self {
        let key = Key::new(HMAC_SHA256, key);
        let drawn = |what: &str| hmac::sign(&key, format!("{what} of {id}").as_bytes());
        let letters = |what: &str| -> Vec<u8> { drawn(what).as_ref().to_vec() };
        let digits = |what: &str, count: usize| -> String {
            letters(what).iter().take(count).map(|byte| char::from(b'0' + byte % 10)).collect()
        };
        let token = letters("token").into_iter().take(TOKEN_LETTERS);
        let token: String = token.map(|byte| char::from(b'a' + byte % 26)).collect();
        let year = now.strftime("%Y").to_string().parse::<i16>().unwrap_or_default() + YEARS;
        Self {
            id,
            token: format!("tok_{token}"),
            last_four: digits("number", 4),
            expires: format!("{year}-{}", now.strftime("%m")),
            code: digits("code", 6),
            made_at: now,
            is_replaced: false,
            is_activated: false,
        }
    }

    /// The id of the message that says that it was taken into use.
    pub(crate) fn activation_id(&self) -> String {
        format!("actv_{}", self.id.simple())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_card_is_made_the_same_again_and_no_two_are_alike() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let make = |id| IssuedCard::make(Uuid::from_u128(id), b"key", now);
        let (one, again, two) = (make(1), make(1), make(2));
        assert_eq!((&one.token, &one.code), (&again.token, &again.code));
        assert_ne!(one.token, two.token);
        assert_eq!((one.expires.as_str(), one.last_four.len(), one.code.len()), ("2031-01", 4, 6));
        assert!(one.token.len() == 28 && !one.token.contains(|c: char| c.is_ascii_digit()));
    }
}
