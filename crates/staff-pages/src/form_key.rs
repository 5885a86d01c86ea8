//! The token in a form: only whoever opened our page has it, for that person and that day.

use crate::origin::{Origins, PAGES_ORIGINS};
use crate::problems::FORM_REFUSED;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use custom_handler::{Problem, Request, Setting, Settings, SettingsError};
use jiff::{SignedDuration, Timestamp};
use ring::hmac::{self, HMAC_SHA256, Key};

/// What seals the forms of our pages.
pub const FORM_KEY: Setting = Setting::new(
    "FORM_KEY",
    "seals the forms of the pages for our own people: one or more keys separated by commas, the newest first",
    "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
);
/// How long a page that was opened can be sent: a working day.
const LIFETIME: SignedDuration = SignedDuration::from_hours(8);
/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Characters of a token: 8 bytes of time and 32 of code, in base64.
const TOKEN_CHARS: usize = 54;

/// Makes and checks the tokens in an app's forms.
pub struct FormKey {
    keys: Vec<Key>,
    origins: Origins,
}

/// The setting does not hold keys.
#[derive(Debug, thiserror::Error)]
#[error(
    "must be one or more 32-byte keys in base64, separated by commas; the first signs, all of them check"
)]
pub struct FormKeyError;

/// Why a form is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormRefusal {
    /// The token is not ours, or another person's.
    #[error("the form's token is not one that this person was given")]
    Forged,
    /// The page was opened too long ago.
    #[error("the page was opened too long ago")]
    Expired,
}

impl From<FormRefusal> for Problem {
    fn from(refusal: FormRefusal) -> Self {
        Self::of(&FORM_REFUSED)
            .detail(format!("{refusal}; open the page again and send it once more"))
    }
}

impl std::str::FromStr for FormKey {
    type Err = FormKeyError;

    /// To change the key while pages are open: put the new one first, drop the old one a day later.
    fn from_str(keys: &str) -> Result<Self, Self::Err> {
        let key = |text: &str| {
            let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).ok()?;
            (bytes.len() == KEY_BYTES).then(|| Key::new(HMAC_SHA256, &bytes))
        };
        let keys: Option<Vec<_>> = keys.split(',').map(key).collect();
        keys.map(|keys| Self { keys, origins: Origins::default() }).ok_or(FormKeyError)
    }
}

impl FormKey {
    /// Reads [`FORM_KEY`], and `PAGES_ORIGINS` if it is there.
    ///
    /// # Errors
    /// Whatever is missing or malformed is noted in `settings`, which reports all of it at once.
    pub fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let (key, origins) =
            (settings.value::<Self>(&FORM_KEY), settings.optional_value(&PAGES_ORIGINS));
        Ok(Self { origins: origins?.unwrap_or_default(), ..key? })
    }

    /// Whether the browser says that the form came from our own site: by `Sec-Fetch-Site`, which every current
    /// browser sends, or else by an `Origin` that is the host we were called by or stands in `PAGES_ORIGINS`.
    ///
    /// # Errors
    /// 403 `cross-site`, also if the request says neither.
    pub fn same_origin(&self, request: &Request) -> Result<(), Problem> {
        self.origins.check(request)
    }

    /// The token for the forms on a page that this person opens now; good for eight hours.
    #[must_use]
    pub fn token(&self, principal_id: &str, now: Timestamp) -> String {
        let expiry = (now + LIFETIME).as_second().to_be_bytes();
        let key = self.keys.first().expect("a FormKey has at least one key");
        let code = hmac::sign(key, &signed(principal_id, expiry));
        URL_SAFE_NO_PAD.encode([&expiry, code.as_ref()].concat())
    }

    /// Checks the token of a form that this person sends, in constant time.
    ///
    /// # Errors
    /// [`FormRefusal`], which becomes the problem 403 `form-refused`.
    pub fn check(
        &self,
        token: &str,
        principal_id: &str,
        now: Timestamp,
    ) -> Result<(), FormRefusal> {
        if token.len() != TOKEN_CHARS {
            return Err(FormRefusal::Forged);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| FormRefusal::Forged)?;
        let (expiry, code) = bytes.split_first_chunk().ok_or(FormRefusal::Forged)?;
        let message = signed(principal_id, *expiry);
        if !self.keys.iter().any(|key| hmac::verify(key, &message, code).is_ok()) {
            return Err(FormRefusal::Forged);
        }
        if i64::from_be_bytes(*expiry) <= now.as_second() {
            return Err(FormRefusal::Expired);
        }
        Ok(())
    }
}

/// The person stands last: its length need not be told.
fn signed(principal_id: &str, expiry: [u8; 8]) -> Vec<u8> {
    [&expiry, principal_id.as_bytes()].concat()
}

impl std::fmt::Debug for FormKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FormKey(keys hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    fn now() -> Timestamp {
        "2026-11-21T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_token_is_good_for_its_person_for_eight_hours() {
        let key: FormKey = OLD.parse().unwrap();
        let token = key.token("mona", now());
        let after = |hours| now() + SignedDuration::from_hours(hours);
        assert_eq!(key.check(&token, "mona", now()), Ok(()));
        assert_eq!(key.check(&token, "mona", after(7)), Ok(()));
        assert_eq!(key.check(&token, "mona", after(8)), Err(FormRefusal::Expired));
        assert_eq!(key.check(&token, "mateo", now()), Err(FormRefusal::Forged));
    }

    #[test]
    fn a_token_refuses_every_change() {
        let key: FormKey = OLD.parse().unwrap();
        let token = key.token("mona", now());
        assert_eq!(token.len(), TOKEN_CHARS);
        for at in 0..token.len() {
            let other = if &token[at..=at] == "A" { "B" } else { "A" };
            let mut forged = token.clone();
            forged.replace_range(at..=at, other);
            assert_eq!(key.check(&forged, "mona", now()), Err(FormRefusal::Forged), "{at}");
        }
        for garbage in ["", "A", &"?".repeat(TOKEN_CHARS), &"A".repeat(TOKEN_CHARS + 1)] {
            assert_eq!(key.check(garbage, "mona", now()), Err(FormRefusal::Forged));
        }
    }

    #[test]
    fn a_new_key_in_front_still_takes_the_forms_of_the_old_one() {
        let (old, both): (FormKey, FormKey) =
            (OLD.parse().unwrap(), format!("{NEW},{OLD}").parse().unwrap());
        assert_eq!(both.check(&old.token("mona", now()), "mona", now()), Ok(()));
        let newer = both.token("mona", now());
        assert_eq!(old.check(&newer, "mona", now()), Err(FormRefusal::Forged));
        assert!("c2hvcnQ=".parse::<FormKey>().is_err());
    }
}
