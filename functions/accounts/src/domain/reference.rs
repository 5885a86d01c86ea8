//! The reference by which a payment finds its account: a creditor reference of ISO 11649, `RF18 5390 0754 7034`.

use super::AccountId;
use std::fmt;
use std::str::FromStr;

/// Longest reference: `RF`, two check digits and 21 more characters.
const MAX_CHARACTERS: usize = 25;
/// Characters of an account's id in its reference.
const BODY: usize = 16;

/// Letters and digits after `RF` and two check digits that make the whole 1 modulo 97, so that no single wrong character
/// and no two that were swapped are taken for another account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CreditorReference(String);

impl CreditorReference {
    /// The account's own: the last sixteen digits of its id.
    pub(crate) fn of(account: AccountId) -> Self {
        let id: String = account.to_string().chars().filter(char::is_ascii_hexdigit).collect();
        let body = id[id.len() - BODY..].to_ascii_uppercase();
        let check = 98 - modulo_97(&format!("{body}RF00"));
        Self(format!("RF{check:02}{body}"))
    }

    /// Without blanks.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CreditorReference {
    type Err = &'static str;

    /// In groups or not, in small letters or not.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain: String =
            text.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_uppercase()).collect();
        let has_form = (5..=MAX_CHARACTERS).contains(&plain.len())
            && plain.starts_with("RF")
            && plain.chars().all(|c| c.is_ascii_alphanumeric())
            && plain[2..4].chars().all(|c| c.is_ascii_digit());
        if !has_form {
            return Err("must be RF, two digits, and 1 to 21 letters and digits (ISO 11649)");
        }
        let turned = format!("{}{}", &plain[4..], &plain[..4]);
        if modulo_97(&turned) != 1 {
            return Err("has a wrong character: its check digits do not fit");
        }
        Ok(Self(plain))
    }
}

impl fmt::Display for CreditorReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, character) in self.0.chars().enumerate() {
            if index > 0 && index.is_multiple_of(4) {
                f.write_str(" ")?;
            }
            write!(f, "{character}")?;
        }
        Ok(())
    }
}

/// Letters count as 10 to 35 (ISO/IEC 7064, MOD 97-10).
fn modulo_97(text: &str) -> u32 {
    text.chars().filter_map(|c| c.to_digit(36)).fold(0, |sum, value| {
        let shift = if value < 10 { 10 } else { 100 };
        (sum * shift + value) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_reference_is_read_however_it_is_written_and_refused_if_a_character_is_wrong() {
        // The example of ISO 11649.
        let reference: CreditorReference = "rf18 5390 0754 7034".parse().unwrap();
        assert_eq!(
            (reference.as_str(), reference.to_string().as_str()),
            ("RF18539007547034", "RF18 5390 0754 7034")
        );
        for wrong in [
            "RF18 5390 0754 7035",
            "RF18 5309 0754 7034",
            "RF81 5390 0754 7034",
            "18539007547034",
            "RF18",
            "RF18ä",
            "",
        ] {
            assert!(wrong.parse::<CreditorReference>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_account_has_its_own() {
        let of = |n: u128| CreditorReference::of(Uuid::from_u128(n).into());
        assert_eq!(of(0x0198_0c6e_1111_7000_8000_0000_0000_0001).as_str().len(), 20);
        assert_ne!(of(1), of(2));
        assert_eq!(of(7).as_str().parse(), Ok(of(7)));
    }
}
