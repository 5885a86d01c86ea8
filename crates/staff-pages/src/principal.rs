//! Who is signed in, as App Service tells it.

use crate::problems::{NOT_SIGNED_IN, ROLE_MISSING};
use base64::{Engine, engine::general_purpose::STANDARD};
use custom_handler::{HeaderMap, Problem, Request};
use serde::Deserialize;

/// Longest `X-MS-CLIENT-PRINCIPAL` that is looked at, in characters; a longer one counts as none.
const MAX_HEADER_CHARS: usize = 16 * 1024;
/// The claim that holds a person's object id in Entra ID.
const OBJECT_ID: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";
/// The claim of a role if the principal does not say which it is.
const ROLES: &str = "roles";

/// A person who is signed in.
///
/// App Service authentication puts it into headers and takes such headers off what comes from outside, so they can be
/// believed. Source: "Work with user identities in Azure App Service authentication", section "Access user claims in
/// app code".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The object id in Entra ID, which never changes.
    pub id: String,
    /// The name to show, which may change; the id if there is none. Personal data: not for logs.
    pub name: String,
    /// The app roles that Entra ID has assigned.
    pub roles: Vec<String>,
}

/// The decoded header.
#[derive(Deserialize)]
struct Encoded {
    #[serde(default)]
    name_typ: String,
    #[serde(default)]
    role_typ: String,
    #[serde(default)]
    claims: Vec<Claim>,
}

#[derive(Deserialize)]
struct Claim {
    typ: String,
    val: String,
}

impl Principal {
    /// Who sent the request; `None` if nobody is signed in, or the header cannot be read.
    #[must_use]
    pub fn of(request: &Request) -> Option<Self> {
        Self::in_headers(request.headers())
    }

    /// Who sent the request, if that person has the role.
    ///
    /// # Errors
    /// 401 `not-signed-in`, 403 `role-missing`.
    pub fn with_role(request: &Request, role: &str) -> Result<Self, Problem> {
        Self::in_headers_with_role(request.headers(), role)
    }

    /// Whether Entra ID has assigned the app role.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own == role)
    }

    fn in_headers(headers: &HeaderMap) -> Option<Self> {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let encoded = header("x-ms-client-principal")?;
        if encoded.len() > MAX_HEADER_CHARS {
            return None;
        }
        let decoded = STANDARD.decode(encoded).ok()?;
        let Encoded { name_typ, role_typ, claims } = serde_json::from_slice(&decoded).ok()?;
        let values = |typ: &str| {
            let own = claims.iter().filter(move |claim| claim.typ == typ);
            own.map(|claim| claim.val.clone()).collect::<Vec<_>>()
        };
        let first = |typ: &str| values(typ).into_iter().find(|value| !value.is_empty());
        let id = first(OBJECT_ID)
            .or_else(|| header("x-ms-client-principal-id").map(str::to_owned))
            .filter(|id| !id.is_empty())?;
        let name = first(&name_typ).unwrap_or_else(|| id.clone());
        let roles = values(if role_typ.is_empty() { ROLES } else { &role_typ });
        Some(Self { id, name, roles })
    }

    fn in_headers_with_role(headers: &HeaderMap, role: &str) -> Result<Self, Problem> {
        let principal = Self::in_headers(headers).ok_or_else(|| {
            Problem::of(&NOT_SIGNED_IN).detail("sign in at /.auth/login/aad and try again")
        })?;
        if principal.has_role(role) {
            return Ok(principal);
        }
        Err(Problem::of(&ROLE_MISSING).detail(format!(
            "this needs the role {role}; whoever administers the app can assign it"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use custom_handler::ErrorStatus;
    use serde_json::{Value, json};

    fn headers(principal: &Value) -> HeaderMap {
        let encoded = STANDARD.encode(principal.to_string());
        HeaderMap::from_iter([("x-ms-client-principal".parse().unwrap(), encoded.parse().unwrap())])
    }

    fn mona() -> Value {
        json!({"auth_typ": "aad", "name_typ": "preferred_username", "role_typ": "roles", "claims": [
            {"typ": OBJECT_ID, "val": "0192"},
            {"typ": "preferred_username", "val": "Mona Ångström"},
            {"typ": "roles", "val": "Moderator"},
            {"typ": "roles", "val": "Operator"},
        ]})
    }

    #[test]
    fn a_person_has_an_id_a_name_and_roles() {
        let mona = Principal::in_headers(&headers(&mona())).unwrap();
        assert_eq!((mona.id.as_str(), mona.name.as_str()), ("0192", "Mona Ångström"));
        assert_eq!(mona.roles, ["Moderator", "Operator"]);
    }

    #[test]
    fn without_an_object_id_the_id_is_the_one_in_the_other_header() {
        let mut headers = headers(&json!({"claims": [{"typ": "roles", "val": "Moderator"}]}));
        assert_eq!(Principal::in_headers(&headers), None);
        headers.insert("x-ms-client-principal-id", "0193".parse().unwrap());
        let person = Principal::in_headers(&headers).unwrap();
        assert_eq!((person.id.as_str(), person.name.as_str()), ("0193", "0193"));
        assert!(person.has_role("Moderator") && !person.has_role("moderator"));
    }

    #[test]
    fn what_cannot_be_read_is_nobody() {
        let long = STANDARD.encode(format!("{}{}", mona(), " ".repeat(MAX_HEADER_CHARS)));
        let no_json = STANDARD.encode("{");
        for value in ["", "????", no_json.as_str(), long.as_str()] {
            let headers = HeaderMap::from_iter([(
                "x-ms-client-principal".parse().unwrap(),
                value.parse().unwrap(),
            )]);
            assert_eq!(Principal::in_headers(&headers), None);
        }
    }

    #[test]
    fn nobody_is_told_to_sign_in_and_a_missing_role_is_named() {
        let status = |headers: &HeaderMap, role| {
            Principal::in_headers_with_role(headers, role).map_err(|problem| problem.status())
        };
        assert_eq!(status(&HeaderMap::new(), "Moderator"), Err(ErrorStatus::Unauthorized));
        assert_eq!(status(&headers(&mona()), "Auditor"), Err(ErrorStatus::Forbidden));
        assert_eq!(status(&headers(&mona()), "Moderator").unwrap().id, "0192");
    }
}
