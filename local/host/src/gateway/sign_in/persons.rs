//! Who can sign in here: invented people, one for each role that an app may ask for.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};

/// Claim types as App Service authentication writes them for Microsoft Entra ID.
const EMAIL: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
const OBJECT_ID: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";
const ROLES: &str = "roles";

static PERSONS: LazyLock<Vec<Person>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../persons.json"))
        .expect("persons.json is part of this program and a test reads it")
});

/// Someone who can sign in.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Person {
    /// Short and lower-case: the value of the cookie.
    pub(super) name: String,
    pub(super) display_name: String,
    /// The object id, a UUID.
    pub(super) id: String,
    pub(super) roles: Vec<String>,
}

pub(super) fn all() -> &'static [Person] {
    &PERSONS
}

pub(super) fn find(name: &str) -> Option<&'static Person> {
    PERSONS.iter().find(|person| person.name == name)
}

impl Person {
    /// What `X-MS-CLIENT-PRINCIPAL-NAME` says.
    pub(super) fn address(&self) -> String {
        format!("{}@iommi.example", self.name)
    }

    /// Type and value of each claim.
    pub(super) fn claims(&self) -> Vec<Value> {
        let claim = |kind: &str, value: &str| json!({ "typ": kind, "val": value });
        let mut claims = vec![
            claim(EMAIL, &self.address()),
            claim("name", &self.display_name),
            claim("preferred_username", &self.address()),
            claim(OBJECT_ID, &self.id),
        ];
        claims.extend(self.roles.iter().map(|role| claim(ROLES, role)));
        claims
    }

    /// What `X-MS-CLIENT-PRINCIPAL` says: JSON in base64.
    pub(super) fn principal(&self) -> String {
        let principal = json!({
            "auth_typ": "aad", "name_typ": EMAIL, "role_typ": ROLES, "claims": self.claims(),
        });
        STANDARD.encode(principal.to_string())
    }

    /// For people.
    pub(super) fn roles_text(&self) -> String {
        if self.roles.is_empty() { "no role".to_owned() } else { self.roles.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everybody_has_a_name_and_an_id_of_their_own() {
        let names: BTreeSet<_> = all().iter().map(|person| &person.name).collect();
        let ids: BTreeSet<_> = all().iter().map(|person| &person.id).collect();
        assert_eq!((names.len(), ids.len()), (all().len(), all().len()));
        assert!(ids.iter().all(|id| id.parse::<uuid::Uuid>().is_ok()));
        let moderators = all().iter().filter(|person| person.roles == ["Moderator"]).count();
        assert_eq!(moderators, 3);
        assert_eq!(find("olga").unwrap().roles, ["Operator"]);
        assert!(find("nils").unwrap().roles.is_empty() && find("").is_none());
    }

    #[test]
    fn a_principal_is_json_with_claims_in_base64() {
        let text = STANDARD.decode(find("mona").unwrap().principal()).unwrap();
        let principal: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(
            (&principal["auth_typ"], &principal["role_typ"]),
            (&json!("aad"), &json!("roles"))
        );
        let claims = principal["claims"].as_array().unwrap();
        assert!(claims.contains(&json!({ "typ": "roles", "val": "Moderator" })), "{claims:?}");
    }
}
