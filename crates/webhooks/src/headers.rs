//! The three headers of a webhook.

use crate::VerifyError;

/// The header of the message's id.
pub const ID: &str = "webhook-id";
/// The header of the attempt's time, in whole seconds since 1970.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// The header of the signatures, separated by spaces.
pub const SIGNATURE: &str = "webhook-signature";

/// The longest id, in bytes.
pub const MAX_ID_BYTES: usize = 256;
/// The longest timestamp, in bytes: centuries.
pub const MAX_TIMESTAMP_BYTES: usize = 12;
/// The most bytes of all signatures together, as many as some servers take in a header: 40 signatures of the longer kind.
pub const MAX_SIGNATURE_BYTES: usize = 4_096;

/// The three headers of a webhook: made by [`Signer::sign`](crate::Signer::sign), or read from a request and then not to
/// be believed before [`Verifier::verify`](crate::Verifier::verify) has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    pub(crate) id: String,
    pub(crate) timestamp: String,
    pub(crate) signature: String,
}

/// The headers and the most bytes of each.
const LIMITS: [(&str, usize); 3] =
    [(ID, MAX_ID_BYTES), (TIMESTAMP, MAX_TIMESTAMP_BYTES), (SIGNATURE, MAX_SIGNATURE_BYTES)];

impl Headers {
    /// Reads them from all headers of a request, in whatever order and case.
    ///
    /// # Errors
    /// One is missing, is there twice, is no text, or longer than any that is right.
    pub fn from_pairs<'a, V: AsRef<[u8]>>(
        pairs: impl IntoIterator<Item = (&'a str, V)>,
    ) -> Result<Self, VerifyError> {
        let mut found = [const { None }; 3];
        for (name, value) in pairs {
            let known = LIMITS.iter().position(|(known, _)| known.eq_ignore_ascii_case(name));
            let Some(place) = known else { continue };
            let (name, most) = LIMITS[place];
            // Of two, one might be looked at here and the other one elsewhere.
            if found[place].replace(text(name, value.as_ref(), most)?).is_some() {
                return Err(VerifyError::RepeatedHeader(name));
            }
        }
        let [id, timestamp, signature] = found;
        Ok(Self {
            id: id.ok_or(VerifyError::MissingHeader(ID))?,
            timestamp: timestamp.ok_or(VerifyError::MissingHeader(TIMESTAMP))?,
            signature: signature.ok_or(VerifyError::MissingHeader(SIGNATURE))?,
        })
    }

    /// What to send: names and values.
    #[must_use]
    pub fn pairs(&self) -> [(&'static str, &str); 3] {
        [(ID, &self.id), (TIMESTAMP, &self.timestamp), (SIGNATURE, &self.signature)]
    }
}

fn text(name: &'static str, value: &[u8], most: usize) -> Result<String, VerifyError> {
    if value.len() > most {
        return Err(VerifyError::LongHeader(name));
    }
    let text = std::str::from_utf8(value).ok().filter(|text| text.is_ascii());
    text.map(str::to_owned).ok_or(VerifyError::NotText(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    const RIGHT: [(&str, &str); 3] = [(ID, "msg_1"), (TIMESTAMP, "7"), (SIGNATURE, "v1,AA==")];

    #[test]
    fn the_three_are_found_among_others_in_any_case() {
        let others = [("Content-Type", "x"), ("Webhook-Signature", "v1,AA==")];
        let headers = Headers::from_pairs([others[0], RIGHT[1], RIGHT[0], others[1]]).unwrap();
        assert_eq!(headers.pairs(), RIGHT);
    }

    #[test]
    fn what_is_missing_repeated_no_text_or_too_long_is_named() {
        for (place, (name, most)) in LIMITS.into_iter().enumerate() {
            let with = |value: &[u8]| {
                let mut pairs = RIGHT.map(|(name, value)| (name, value.as_bytes().to_vec()));
                pairs[place].1 = value.to_vec();
                Headers::from_pairs(pairs).unwrap_err()
            };
            let without = RIGHT.into_iter().filter(|(other, _)| *other != name);
            assert_eq!(Headers::from_pairs(without), Err(VerifyError::MissingHeader(name)));
            let twice = RIGHT.into_iter().chain([RIGHT[place]]);
            assert_eq!(Headers::from_pairs(twice), Err(VerifyError::RepeatedHeader(name)));
            assert_eq!(with(&vec![b'a'; most + 1]), VerifyError::LongHeader(name));
            assert_eq!(with("ü".as_bytes()), VerifyError::NotText(name));
        }
    }
}
