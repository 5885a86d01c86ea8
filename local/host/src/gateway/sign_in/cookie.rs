//! The cookie of who is signed in. In Azure it is sealed; here everybody on this machine may be anybody.

use http::{HeaderMap, HeaderValue, header::COOKIE};

use super::persons::{self, Person};

/// As App Service authentication calls it.
const NAME: &str = "AppServiceAuthSession";

/// Who is signed in.
pub(super) fn person(headers: &HeaderMap) -> Option<&'static Person> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut values = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, _)| *name == NAME);
    values.find_map(|(_, value)| persons::find(value))
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
mod tests {
    use super::*;

    fn signed_in(cookies: &[&'static str]) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(COOKIE, HeaderValue::from_static(cookie));
        }
        person(&headers).map(|person| person.name.as_str())
    }

    #[test]
    fn the_person_is_found_among_other_cookies() {
        assert_eq!(signed_in(&["a=b; AppServiceAuthSession=mona"]), Some("mona"));
        assert_eq!(signed_in(&["a=b", "AppServiceAuthSession=olga"]), Some("olga"));
    }

    #[test]
    fn nobody_else_is_signed_in() {
        assert_eq!(signed_in(&[]), None);
        assert_eq!(signed_in(&["AppServiceAuthSession=root"]), None);
        assert_eq!(signed_in(&["XAppServiceAuthSession=mona"]), None);
    }
}
