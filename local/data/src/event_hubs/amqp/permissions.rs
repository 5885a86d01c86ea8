//! What the tokens of a connection open. The service closes a link whose token has expired; here a token that was good
//! when it was put stays so for its connection.

use std::sync::Mutex;

use super::address::path_of;

/// Tokens that one connection holds, those of SDKs renewed included.
const MAX_TOKENS: usize = 1_000;

/// The resources for which a connection has put a token.
#[derive(Debug, Default)]
pub(super) struct Permissions(Mutex<Vec<String>>);

impl Permissions {
    /// Notes a token for the resource of this name: a URL.
    pub(super) fn grant(&self, resource: &str) {
        let path = path_of(resource).to_lowercase();
        let mut paths = self.0.lock().expect(UNPOISONED);
        if !paths.contains(&path) && paths.len() < MAX_TOKENS {
            paths.push(path);
        }
    }

    /// Whether a token is for this path or something above it; for management also one for something in the hub will do.
    pub(super) fn open(&self, path: &str) -> bool {
        let path = path.to_lowercase();
        let paths = self.0.lock().expect(UNPOISONED);
        paths.iter().any(|granted| is_in(&path, granted) || is_in(granted, &path))
    }
}

fn is_in(path: &str, outer: &str) -> bool {
    match path.strip_prefix(outer) {
        Some(rest) => outer.is_empty() || rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

const UNPOISONED: &str = "no code panics while it holds the permissions";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_what_it_is_for() {
        let permissions = Permissions::default();
        assert!(!permissions.open("account"));
        permissions.grant("sb://127.0.0.1:5672/Account/ConsumerGroups/$Default/Partitions/0");
        assert!(permissions.open("account/consumergroups/$default/partitions/0"));
        assert!(!permissions.open("account/consumergroups/$default/partitions/1"));
        assert!(permissions.open("account"), "the hub itself may be asked about");
        assert!(!permissions.open("contact"));
        permissions.grant("sb://127.0.0.1/contact");
        assert!(permissions.open("contact/Partitions/3"));
    }
}
