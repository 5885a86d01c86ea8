//! `Key=value;Key=value`, as the portal gives it out.

/// The pairs of a connection string; keys ignore case, values may hold `=`.
#[derive(Clone, Debug)]
pub struct ConnectionString(Vec<(String, String)>);

impl ConnectionString {
    /// Reads a text; `None` when a part of it is no `key=value`.
    pub fn parse(text: &str) -> Option<Self> {
        let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
        let pairs: Option<Vec<_>> = parts
            .map(|part| {
                part.split_once('=').map(|(k, v)| (k.trim().to_owned(), v.trim().to_owned()))
            })
            .collect();
        pairs.filter(|pairs| !pairs.is_empty()).map(Self)
    }

    /// The value of a key, unless it is empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether the value of a key is `true`, in any case.
    pub fn is_true(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_found_in_any_case_and_keep_their_equals_signs() {
        let read = ConnectionString::parse("AccountName=a; accountkey=Zm9v==;Empty=;").unwrap();
        assert_eq!(read.get("accountname"), Some("a"));
        assert_eq!(read.get("AccountKey"), Some("Zm9v=="));
        assert_eq!(read.get("Empty"), None);
        assert!(
            ConnectionString::parse("UseDevelopmentStorage=TRUE")
                .unwrap()
                .is_true("usedevelopmentstorage")
        );
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", ";", "https://example.org/", "a=b;c"] {
            assert!(ConnectionString::parse(text).is_none(), "{text}");
        }
    }
}
