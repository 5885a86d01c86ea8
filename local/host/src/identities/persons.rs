//! Who can sign in here: invented people, one for each role that an app may ask for.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};

/// Claim types as App Service authentication writes them for Microsoft Entra ID.
const EMAIL: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
const OBJECT_ID: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";
const ROLES: &str = "roles";

/// Someone who can sign in.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Person {
    /// Short and lower-case: the value of the cookie.
    pub(crate) name: String,
    /// What the identity provider calls the sign-in name: an e-mail address.
    pub(crate) address: String,
    pub(crate) display_name: String,
    /// The object id, a UUID.
    pub(crate) id: String,
    pub(crate) roles: Vec<String>,
}

/// Everybody who can sign in.
#[derive(Debug, Default)]
pub(crate) struct Persons(Vec<Person>);

impl Persons {
    /// Two of one name or id would be one to a handler, and a name is the value of a cookie.
    pub(super) fn new(persons: Vec<Person>) -> Result<Self, String> {
        let (mut names, mut ids) = (BTreeSet::new(), BTreeSet::new());
        for Person { name, id, address, .. } in &persons {
            if name.is_empty()
                || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            {
                return Err(format!("name {name:?}: use lower-case letters and digits"));
            }
            if !address.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(format!("address {address:?}: use ASCII letters without spaces"));
            }
            if id.parse::<uuid::Uuid>().is_err() {
                return Err(format!("id {id:?} of {name} is no UUID"));
            }
            if !names.insert(name) || !ids.insert(id) {
                return Err(format!("{name} has the name or the id of another person"));
            }
        }
        Ok(Self(persons))
    }

    pub(crate) fn all(&self) -> &[Person] {
        &self.0
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Person> {
        self.0.iter().find(|person| person.name == name)
    }
}

impl Person {
    /// Type and value of each claim.
    pub(crate) fn claims(&self) -> Vec<Value> {
        let claim = |kind: &str, value: &str| json!({ "typ": kind, "val": value });
        let mut claims = vec![
            claim(EMAIL, &self.address),
            claim("name", &self.display_name),
            claim("preferred_username", &self.address),
            claim(OBJECT_ID, &self.id),
        ];
        claims.extend(self.roles.iter().map(|role| claim(ROLES, role)));
        claims
    }

    /// What `X-MS-CLIENT-PRINCIPAL` says: JSON in base64.
    pub(crate) fn principal(&self) -> String {
        let principal = json!({
            "auth_typ": "aad", "name_typ": EMAIL, "role_typ": ROLES, "claims": self.claims(),
        });
        STANDARD.encode(principal.to_string())
    }

    /// For people.
    pub(crate) fn roles_text(&self) -> String {
        if self.roles.is_empty() { "no role".to_owned() } else { self.roles.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONA: &str = r#"{"name": "mona", "address": "mona@shop.example", "displayName": "Mona",
                           "id": "6d0f7a51-2a43-4b0e-8f0e-1a5c3e6b7d01", "roles": ["Baker"]}"#;

    fn persons(text: &str) -> Result<Persons, String> {
        Persons::new(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn everybody_has_a_name_and_an_id_of_their_own() {
        assert_eq!(persons(&format!("[{MONA}]")).unwrap().find("mona").unwrap().roles, ["Baker"]);
        assert!(persons(&format!("[{MONA}, {MONA}]")).unwrap_err().contains("another person"));
        let named = |name: &str| persons(&format!("[{}]", MONA.replace("\"mona\"", name)));
        assert!(named("\"a; b\"").unwrap_err().contains("lower-case"));
        let without_id = MONA.replace("6d0f7a51-", "");
        assert!(persons(&format!("[{without_id}]")).unwrap_err().contains("is no UUID"));
    }

    #[test]
    fn a_principal_is_json_with_claims_in_base64() {
        let persons = persons(&format!("[{MONA}]")).unwrap();
        let text = STANDARD.decode(persons.find("mona").unwrap().principal()).unwrap();
        let principal: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(
            (&principal["auth_typ"], &principal["role_typ"]),
            (&json!("aad"), &json!("roles"))
        );
        let claims = principal["claims"].as_array().unwrap();
        assert!(claims.contains(&json!({ "typ": "roles", "val": "Baker" })), "{claims:?}");
    }
}
