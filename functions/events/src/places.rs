//! Where something of each app is: a setting with a URL for each of them, or one for all.

use azure_data::Url;
use std::collections::BTreeMap;
use std::str::FromStr;

/// Something of each app, by the app's name, or the same of all. As a setting `contacts=https://…;conversions=https://…`, or
/// one URL.
pub(crate) enum Places<T> {
    All(T),
    Each(BTreeMap<String, T>),
}

impl<T> Places<T> {
    /// What belongs to the app.
    pub(crate) fn of(&self, app: &str) -> Option<&T> {
        match self {
            Self::All(one) => Some(one),
            Self::Each(known) => known.get(app),
        }
    }

    /// The same places with something else in each.
    pub(crate) fn map<U>(self, mut make: impl FnMut(T) -> U) -> Places<U> {
        match self {
            Self::All(one) => Places::All(make(one)),
            Self::Each(known) => {
                Places::Each(known.into_iter().map(|(app, one)| (app, make(one))).collect())
            }
        }
    }
}

impl FromStr for Places<Url> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A URL may have signs of its own: one for all is known by how it begins.
        if text.starts_with("http") {
            return Ok(Self::All(url(text)?));
        }
        let pairs = text.split(';').filter(|pair| !pair.trim().is_empty());
        let pairs = pairs.map(|pair| {
            let (app, place) = pair.split_once('=').ok_or_else(form)?;
            Ok((app.trim().to_owned(), url(place.trim())?))
        });
        pairs.collect::<Result<_, String>>().map(Self::Each)
    }
}

fn url(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|_| form())?;
    if matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err(form()) }
}

/// Without the value, which may hold a signature.
fn form() -> String {
    "write one URL, or app=URL for each app, separated by semicolons".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Result<Places<Url>, String> {
        text.parse()
    }

    #[test]
    fn one_url_is_everybodys_and_several_are_each_ones_own() {
        let all = places("http://127.0.0.1:10000/devstoreaccount1?sig=a;b=c").unwrap();
        assert_eq!(all.of("anybody").unwrap().query(), Some("sig=a;b=c"));
        let each = places("contacts=https://a.example/; conversions=https://b.example/;").unwrap();
        let host = |app| each.of(app).and_then(Url::host_str);
        assert_eq!(
            (host("contacts"), host("conversions"), host("sales")),
            (Some("a.example"), Some("b.example"), None)
        );
        let hosts = each.map(|url| url.host_str().unwrap_or_default().len());
        assert_eq!(hosts.of("contacts"), Some(&9));
    }

    #[test]
    fn what_is_no_place_is_refused_without_its_value() {
        for text in ["contacts", "contacts=nowhere", "contacts=ftp://secret.example/"] {
            let why = places(text).err().unwrap();
            assert!(why.contains("app=URL") && !why.contains("secret"), "{text}: {why}");
        }
    }
}
