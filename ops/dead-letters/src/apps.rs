//! The apps that have dead letters.

/// Name, and the path before `/dead-letters`; found when this was built.
const KNOWN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/apps.rs"));
/// The app whose API is older than the one that all apps share.
const LEGACY: &str = "legacy";

/// An app, and where its API is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct App {
    pub(crate) name: String,
    /// The path before `/dead-letters`, such as `photos/v1`.
    pub(crate) prefix: String,
}

impl App {
    /// The one that is named, or all of them.
    pub(crate) fn wanted(name: Option<&str>) -> Vec<Self> {
        let known = KNOWN.iter().map(|(name, prefix)| Self::new(name, prefix));
        let Some(name) = name else { return known.collect() };
        // One that is newer than this command is where all new ones are.
        let found = known.into_iter().find(|app| app.name == name);
        vec![found.unwrap_or_else(|| Self::new(name, &format!("{name}/v1")))]
    }

    /// The interface to the mainframe.
    pub(crate) fn legacy() -> Self {
        Self::new(LEGACY, "ops/v1")
    }

    /// What its API calls the thing that a letter is about.
    pub(crate) fn subject(&self) -> &'static str {
        if self.name == LEGACY { "profileId" } else { "subject" }
    }

    fn new(name: &str, prefix: &str) -> Self {
        Self { name: name.to_owned(), prefix: prefix.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legacy_is_where_it_always_was_and_a_new_app_below_its_name() {
        assert!(App::wanted(None).contains(&App::legacy()));
        assert_eq!(App::wanted(Some("legacy")), [App::legacy()]);
        assert_eq!(App::wanted(Some("sample"))[0].prefix, "sample/v1");
    }
}
