//! An e-mail address, and what makes two of them one.

use icu_normalizer::ComposingNormalizerBorrowed;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Longest e-mail address, in bytes (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const MAX_EMAIL_BYTES: usize = 254;
/// What may stand in the part before the `@` without quotes, besides letters, digits, dots and what is not ASCII
/// (RFC 5322, section 3.2.3; RFC 6532, section 3.2).
const ATOM_SIGNS: &str = "!#$%&'*+-/=?^_`{|}~";

/// An e-mail address (RFC 5321: at most 254 characters; a domain with a dot; no display name). Composed (NFC), and
/// without quotes where they quote nothing: so a mailbox has one spelling, but for upper and lower case and the form of
/// its domain, which stay as they were sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct EmailAddress(String);

impl EmailAddress {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = unquoted(&composed(text.trim()));
        if text.len() > MAX_EMAIL_BYTES {
            return Err(format!("must have at most {MAX_EMAIL_BYTES} bytes"));
        }
        let options = email_address::Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        email_address::EmailAddress::parse_with_options(&text, options).map_err(|error| {
            format!("must be an e-mail address such as kim@example.com ({error})")
        })?;
        let address = Self(text);
        address
            .ascii_domain()
            .ok_or("must have a domain that exists in the DNS, such as example.com")?;
        Ok(address)
    }

    /// What makes two addresses the same: upper and lower case do not matter, nor whether a domain is written
    /// in its own script or as the DNS has it (`bücher.example`, `xn--bcher-kva.example`).
    pub(crate) fn key(&self) -> String {
        let local = self.0.rsplit_once('@').map_or("", |(local, _)| local);
        let folded: String = local.chars().flat_map(folded).collect();
        format!("{}@{}", composed(&folded), self.ascii_domain().unwrap_or_default())
    }

    fn ascii_domain(&self) -> Option<String> {
        let (_, domain) = self.0.rsplit_once('@')?;
        idna::domain_to_ascii_strict(domain).ok()
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

/// A letter without its case, as Unicode's full case folding has it: there and back again, so that `ς`, `σ` and `Σ` are
/// one letter, `ſ` is an `s`, and `ß`, `ẞ` and `ss` are the same. Not so `ı`, which is a letter of its own and not a
/// small `I`: it would find the profile of somebody else. (docs/decisions/0007-unique-addresses.md)
fn folded(letter: char) -> impl Iterator<Item = char> {
    let is_dotless = letter == 'ı';
    let dotless = is_dotless.then_some(letter);
    let other = (!is_dotless).then_some(letter);
    let there_and_back = other
        .into_iter()
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase);
    dotless.into_iter().chain(there_and_back)
}

fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Quotes and backslashes mean nothing of their own (RFC 5321, section 4.1.2): `"kim"@example.com` and
/// `"k\im"@example.com` are kim@example.com. Where quotes are needed, only what must be has a backslash.
fn unquoted(text: &str) -> String {
    let quoted = text
        .rsplit_once('@')
        .and_then(|(local, domain)| Some((local.strip_prefix('"')?.strip_suffix('"')?, domain)));
    let Some((content, domain)) = quoted else { return text.to_owned() };
    let Some(meant) = without_backslashes(content) else { return text.to_owned() };
    if is_dot_atom(&meant) {
        return format!("{meant}@{domain}");
    }
    let escaped: String = meant
        .chars()
        .flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c]))
        .collect();
    format!("\"{escaped}\"@{domain}")
}

/// `None` if it is no content of a quoted string: a quote without a backslash, or a backslash before nothing.
fn without_backslashes(content: &str) -> Option<String> {
    let (mut meant, mut characters) = (String::new(), content.chars());
    while let Some(character) = characters.next() {
        match character {
            '"' => return None,
            '\\' => meant.push(characters.next()?),
            other => meant.push(other),
        }
    }
    Some(meant)
}

fn is_dot_atom(text: &str) -> bool {
    let is_atom_text =
        |c: char| c.is_ascii_alphanumeric() || ATOM_SIGNS.contains(c) || !c.is_ascii();
    text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        EmailAddress::parse(text).unwrap().key()
    }

    #[test]
    fn e_mail_addresses_are_addresses_and_nothing_else() {
        for good in ["kim@example.com", "kim+tag@mail.example.co.uk", "jürgen@example.de"] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "kim",
            "kim@",
            "kim@localhost",
            "Kim <kim@example.com>",
            "kim@[127.0.0.1]",
            "a@b@c.de",
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn case_does_not_make_another_address() {
        assert_eq!(key("Kim@Example.COM"), key("kim@example.com"));
        assert_eq!(key("αxΣ@example.com"), key("αxσ@example.com"));
        assert_eq!(key("αxς@example.com"), key("αxσ@example.com"));
        assert_eq!(key("kim@Bücher.example"), key("kim@xn--bcher-kva.example"));
    }

    #[test]
    fn e_mail_addresses_end_at_254_bytes() {
        let labels = format!("{0}.{0}.{0}", "d".repeat(62));
        let address = |local: usize| format!("{}@{labels}.de", "l".repeat(local));
        let fits = 254 - address(0).len();
        assert!(EmailAddress::parse(&address(fits)).is_ok());
        assert!(EmailAddress::parse(&address(fits + 1)).unwrap_err().contains("254"));
    }

    #[test]
    fn a_mailbox_is_one_however_it_is_quoted() {
        for quoted in
            [r#""kim.l"@example.com"#, r#""kim\.l"@example.com"#, r#""\k\i\m.l"@Example.com"#]
        {
            assert_eq!(key(quoted), "kim.l@example.com", "{quoted}");
        }
        assert_eq!(EmailAddress::parse(r#""kim"@example.com"#).unwrap().0, "kim@example.com");
        let needed = key(r#""kim l"@example.com"#);
        assert_eq!(
            (needed.as_str(), key(r#""kim\ \l"@example.com"#)),
            (r#""kim l"@example.com"#, needed.clone())
        );
        assert_eq!(key(r#""a@b"@example.com"#), r#""a@b"@example.com"#);
        for broken in [r#""kim"l"@example.com"#, r#""kim\"@example.com"#, r#"""@example"#] {
            assert!(EmailAddress::parse(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same() {
        assert_eq!(key("jose\u{301}@example.com"), key("jos\u{e9}@example.com"));
        assert_eq!(key("\u{212b}x@example.com"), key("\u{e5}x@example.com"));
        assert_eq!(key("\u{1112}\u{1161}\u{11ab}@example.com"), key("\u{d55c}@example.com"));
        assert_eq!(key("kim@bu\u{308}cher.example"), key("kim@bücher.example"));
    }

    #[test]
    fn a_letter_of_its_own_is_not_another_one() {
        assert_ne!(key("m\u{131}ke@example.com"), key("mike@example.com"));
        assert_eq!(key("mIke@example.com"), key("mike@example.com"));
        assert_eq!(key("\u{17f}am@example.com"), key("sam@example.com"));
        assert_eq!(key("\u{212a}im@example.com"), key("kim@example.com"));
        assert_eq!(key("wei\u{1e9e}@example.com"), key("weiss@example.com"));
    }

    proptest::proptest! {
        #[test]
        fn an_address_that_was_taken_is_taken_again_as_it_is(local in r#"["\\.a-zA-Zßıé @]{1,12}"#) {
            if let Ok(address) = EmailAddress::parse(&format!("{local}@example.com")) {
                let again = EmailAddress::parse(&address.0).unwrap();
                proptest::prop_assert_eq!(again.key(), address.key());
                proptest::prop_assert_eq!(again, address);
            }
        }
    }
}
