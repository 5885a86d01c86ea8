//! What an app, its container and its queue may be called.

use std::{fs, str::FromStr};

use crate::{failure::Failure, workspace::Workspace};

/// Longest name of an app: what Azure allows a function app (32 characters before host ids may collide) less the
/// environment and the region around it.
const MAX_APP_CHARS: usize = 20;
const MIN_APP_CHARS: usize = 2;
/// Longest name of a queue, the app's name and `-poison` included (Naming Queues and Metadata, Azure Storage).
const MAX_QUEUE_CHARS: usize = 63;
const POISON: &str = "-poison";
/// Longest name of a container or a property that is worth typing.
const MAX_WORD_CHARS: usize = 40;
/// Words of Rust, of the gateway and of this repository that would mean something else.
const TAKEN: [&str; 24] = [
    "abstract",
    "admin",
    "alloc",
    "app",
    "async",
    "box",
    "core",
    "crate",
    "docs",
    "extern",
    "fn",
    "functions",
    "host",
    "mod",
    "moderation",
    "ops",
    "runtime",
    "self",
    "static",
    "std",
    "test",
    "tests",
    "type",
    "v1",
];

/// Containers, folders and paths that every app has.
const OF_EVERY_APP: [&str; 7] =
    ["dead-letter", "dead-letters", "health", "leases", "openapi", "poison-queues", "unmatched"];

/// The name of an app: of its folder, package, binary, database and the first part of its routes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(String);

/// The container of the app's documents, and the path of its partition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Container {
    pub(crate) name: String,
    /// The property, without the slash.
    pub(crate) partition_key: String,
}

/// The app's queue, without the app's name in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Queue(String);

/// Lower-case letters and digits, parts joined by single hyphens, a letter first.
fn is_kebab_case(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.split('-').all(is_part)
}

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !(MIN_APP_CHARS..=MAX_APP_CHARS).contains(&text.len()) || !is_kebab_case(text) {
            return Err(format!(
                "must be {MIN_APP_CHARS} to {MAX_APP_CHARS} lower-case letters and digits, beginning with a letter, words joined by a hyphen: such as loyalty or gift-cards"
            ));
        }
        if TAKEN.contains(&text) {
            return Err(
                "is a word with a meaning of its own in Rust or here; choose another".into()
            );
        }
        Ok(Self(text.to_owned()))
    }
}

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// No folder and no package has it: cargo could not tell the two apart.
    pub(super) fn must_be_free(&self, workspace: &Workspace) -> Result<(), Failure> {
        let taken = |by: &str| Failure::NameTaken { name: self.0.clone(), by: by.to_owned() };
        if workspace.root().join("functions").join(&self.0).exists() {
            return Err(taken("the folder of that name in functions/"));
        }
        let lock = workspace.root().join("Cargo.lock");
        let text =
            fs::read_to_string(&lock).map_err(|source| Failure::file("reading", &lock, source))?;
        if text.lines().any(|line| line == format!("name = \"{}\"", self.0)) {
            return Err(taken("a package of that name in Cargo.lock"));
        }
        Ok(())
    }
}

impl FromStr for Container {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = "must be a name and the path of a partition key, such as orders:/id or orders:/customerId";
        let (name, path) = text.split_once(":/").ok_or(form)?;
        let is_property = |text: &str| {
            text.starts_with(|first: char| first.is_ascii_lowercase())
                && text.len() <= MAX_WORD_CHARS
                && text.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        if !is_kebab_case(name) || name.len() > MAX_WORD_CHARS || !is_property(path) {
            return Err(format!(
                "{form}: the name in lower-case letters, digits and hyphens, the key one property in camelCase, each at most {MAX_WORD_CHARS} characters"
            ));
        }
        if OF_EVERY_APP.contains(&name) || TAKEN.contains(&name) {
            return Err(format!(
                "{name} is a container, a path or a word that every app has; choose another"
            ));
        }
        if ["revision", "ttl", "name"].contains(&path) {
            return Err(format!(
                "{path} changes or means something to Cosmos DB; a partition key never changes"
            ));
        }
        Ok(Self { name: name.to_owned(), partition_key: path.to_owned() })
    }
}

impl FromStr for Queue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !is_kebab_case(text)
            || text.ends_with(POISON)
            || text.len() + MAX_APP_CHARS + 1 + POISON.len() > MAX_QUEUE_CHARS
        {
            return Err(format!(
                "must be lower-case letters, digits and single hyphens, beginning with a letter, at most {} characters, without {POISON} at its end (the host adds that): the app's name is put in front",
                MAX_QUEUE_CHARS - MAX_APP_CHARS - 1 - POISON.len()
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Queue {
    /// Without the app's name in front, whether or not it was given.
    pub(super) fn short(&self, app: &Name) -> &str {
        let rest = self.0.strip_prefix(app.as_str()).and_then(|rest| rest.strip_prefix('-'));
        rest.filter(|rest| is_kebab_case(rest)).unwrap_or(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_azure_cargo_and_people_take() {
        for good in ["loyalty", "gift-cards", "b2b"] {
            assert!(good.parse::<Name>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "Loyalty",
            "gift_cards",
            "gift--cards",
            "-x",
            "x-",
            "2b",
            "type",
            "ops",
            "a/b",
            "../x",
            "é",
            "an-app-with-a-very-long-name",
        ] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_container_has_a_partition_key() {
        let container: Container = "orders:/customerId".parse().unwrap();
        assert_eq!(
            (container.name.as_str(), container.partition_key.as_str()),
            ("orders", "customerId")
        );
        for bad in [
            "orders",
            "orders:id",
            "Orders:/id",
            "orders:/a/b",
            "orders:/",
            "leases:/id",
            "orders:/revision",
        ] {
            assert!(bad.parse::<Container>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_apps_name_is_put_before_a_queue_once() {
        let app: Name = "gift-cards".parse().unwrap();
        let short = |text: &str| text.parse::<Queue>().unwrap().short(&app).to_owned();
        assert_eq!(short("orders"), "orders");
        assert_eq!(short("gift-cards-orders"), "orders");
        for bad in ["Orders", "orders-poison", "a--b", ""] {
            assert!(bad.parse::<Queue>().is_err(), "{bad}");
        }
    }
}
