//! The cookie of who is signed in. In Azure it is sealed; here everybody on this machine may be anybody.

use http::{HeaderMap, HeaderValue, header::COOKIE};

use crate::identities::{Person, Persons};

/// As App Service authentication calls it.
const NAME: &str = "AppServiceAuthSession";

/// Who is signed in.
pub(super) fn person<'p>(persons: &'p Persons, headers: &HeaderMap) -> Option<&'p Person> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut values = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, _)| *name == NAME);
    values.find_map(|(_, value)| persons.find(value))
}

/// Signs a person in.
pub(super) fn of(person: &Person) -> HeaderValue {
    written(&person.name, "")
}

/// Signs out whoever is signed in.
pub(super) fn nobody() -> HeaderValue {
    written("", "; Max-Age=0")
}

fn written(value: &str, more: &str) -> HeaderValue {
    let cookie = format!("{NAME}={value}; Path=/; HttpOnly; SameSite=Lax{more}");
    HeaderValue::try_from(cookie).expect("names of persons are letters")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::identities::Identities;

    /// Mona and Olga.
    pub(in crate::gateway::sign_in) fn persons() -> Persons {
        let workspace = tempfile::tempdir().unwrap();
        std::fs::create_dir(workspace.path().join("local")).unwrap();
        let text = r#"[
            {"name": "mona", "address": "mona@shop.example", "displayName": "Mona",
             "id": "6d0f7a51-2a43-4b0e-8f0e-1a5c3e6b7d01", "roles": ["Baker"]},
            {"name": "olga", "address": "olga@shop.example", "displayName": "Olga",
             "id": "6d0f7a51-2a43-4b0e-8f0e-1a5c3e6b7d02", "roles": []}]"#;
        std::fs::write(workspace.path().join("local/persons.json"), text).unwrap();
        Identities::read(workspace.path()).unwrap().persons
    }

    fn signed_in(cookies: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(COOKIE, HeaderValue::from_static(cookie));
        }
        person(&persons(), &headers).map(|person| person.name.clone())
    }

    #[test]
    fn the_person_is_found_among_other_cookies() {
        let mona = signed_in(&["a=b; AppServiceAuthSession=mona"]);
        assert_eq!(mona.as_deref(), Some("mona"));
        let olga = signed_in(&["a=b", "AppServiceAuthSession=olga"]);
        assert_eq!(olga.as_deref(), Some("olga"));
    }

    #[test]
    fn nobody_else_is_signed_in() {
        assert_eq!(signed_in(&[]), None);
        assert_eq!(signed_in(&["AppServiceAuthSession=root"]), None);
        assert_eq!(signed_in(&["XAppServiceAuthSession=mona"]), None);
    }
}
