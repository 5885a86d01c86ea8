//! In which account a card lies: the container `card-tokens`.

use crate::domain::{AccountId, CardId, NetworkId};
use azure_data::{Container, Cosmos, CosmosFailure, Query, Remembered, WriteError};
use jiff::{SignedDuration, Timestamp};
use ring::digest::{self, SHA256};
use ring::hmac::{self, HMAC_SHA256, Key};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

/// Longest token of the processor, in characters.
const MAX_TOKEN: usize = 128;

/// What the processor calls a card. Whoever has it may ask for money, so it is kept as its SHA-256 only, and shown
/// nowhere.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct CardToken(String);

impl fmt::Debug for CardToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardToken")
    }
}

impl TryFrom<String> for CardToken {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for CardToken {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        // A card's number is none, whoever sends it.
        let is_number = text.chars().all(|c| c.is_ascii_digit());
        if (8..=MAX_TOKEN).contains(&text.len()) && text.chars().all(plain) && !is_number {
            return Ok(Self(text.to_owned()));
        }
        Err(
            "must be the processor's token: 8 to 128 letters, digits, '-' and '_', and not digits alone",
        )
    }
}

impl CardToken {
    /// A name that nobody can find the id behind who has not got the token: 32 letters, of which no two names of 2^60 are
    /// likely to be the same.
    pub(crate) fn disguise(&self, id: &NetworkId) -> NetworkId {
        let key = Key::new(HMAC_SHA256, self.0.as_bytes());
        let tag = hmac::sign(&key, id.as_str().as_bytes());
        NetworkId::of_letters(letters(&tag.as_ref()[..16]))
    }

    fn hash(&self) -> String {
        letters(digest::digest(&SHA256, self.0.as_bytes()).as_ref())
    }
}

/// As hexadecimal, but with the letters a to p: no digits, of which some would look like a card's number by chance.
fn letters(bytes: &[u8]) -> String {
    let letter = |nibble: u8| char::from(b'a' + nibble);
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(letter).collect()
}

/// Where a card lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CardPlace {
    pub(crate) account_id: AccountId,
    pub(crate) card_id: CardId,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct TokenDocument {
    id: String,
    #[serde(flatten)]
    place: CardPlace,
}

/// Places that are remembered; at most twice as many. Where a card lies never changes.
const REMEMBERED: usize = 20_000;

/// A document of `card-tokens`, and when it was written.
#[derive(Debug, Deserialize)]
pub(crate) struct Claim {
    #[serde(flatten)]
    document: TokenDocument,
    /// Seconds since 1970, by Cosmos DB's clock.
    #[serde(rename = "_ts")]
    written_s: i64,
}

impl Claim {
    /// Not the token, but what is kept of it.
    pub(crate) fn id(&self) -> &str {
        &self.document.id
    }

    pub(crate) fn place(&self) -> CardPlace {
        self.document.place
    }

    pub(crate) fn is_older_than(&self, age: SignedDuration, now: Timestamp) -> bool {
        now.as_second() - self.written_s > age.as_secs()
    }
}

#[derive(Debug)]
pub(crate) struct Tokens {
    container: Container,
    /// By the token's hash.
    remembered: Remembered<String, CardPlace>,
}

impl Tokens {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self { container: cosmos.container("card-tokens"), remembered: Remembered::new(REMEMBERED) }
    }

    pub(crate) async fn find(&self, token: &CardToken) -> Result<Option<CardPlace>, CosmosFailure> {
        let id = token.hash();
        if let Some(place) = self.remembered.get(id.clone()) {
            return Ok(Some(place));
        }
        let found = self.container.read::<TokenDocument>(&id, &id).await?;
        let place = found.map(|item| item.value.place);
        if let Some(place) = place {
            self.remembered.put(id, place);
        }
        Ok(place)
    }

    /// At most `count` claims after the id given, in the order of their ids.
    pub(crate) async fn claims(
        &self,
        after: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Vec<Claim>, CosmosFailure> {
        let text = format!("SELECT TOP {count} * FROM c WHERE c.id > @after ORDER BY c.id");
        let after = after.unwrap_or_default();
        let query = Query::from(text).with_parameter("@after", after).expect("a string is JSON");
        self.container.query(query, count).await
    }

    /// Says where the card with this token lies, before the card is written; where it lies if that was said before.
    pub(crate) async fn claim(
        &self,
        token: &CardToken,
        place: CardPlace,
    ) -> Result<CardPlace, WriteError> {
        let document = TokenDocument { id: token.hash(), place };
        match self.container.create(&document.id, &document.id, &document).await {
            Ok(_) => Ok(place),
            Err(error) => self.find(token).await?.ok_or(error),
        }
    }
}
