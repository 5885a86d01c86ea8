//! Who may ask for consents: known by a secret, answered at registered addresses only.

use std::sync::{Mutex, MutexGuard};

use base64::{Engine, engine::general_purpose::STANDARD};
use simulator_shell::Request;

use super::{Form, Refused};

/// A program of somebody who asks for consents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// Where people may be sent back to, character for character.
    pub redirect_uris: Vec<String>,
}

/// All clients.
#[derive(Debug)]
pub(crate) struct Clients(Mutex<Vec<Client>>);

impl Clients {
    pub(crate) fn new(clients: Vec<Client>) -> Self {
        Self(Mutex::new(clients))
    }

    /// The client that shows its secret (RFC 6749, 2.3.1); what the form says about it must agree.
    pub(crate) fn authenticated(&self, request: &Request, form: &Form) -> Result<Client, Refused> {
        let shown = request.header("authorization").and_then(basic);
        let (id, secret) = shown.ok_or_else(Refused::invalid_client)?;
        if form.get("client_secret").is_some() {
            return Err(Refused::invalid_request(
                "a client shows its secret once, not in the body",
            ));
        }
        let clients = self.lock();
        let client = clients.iter().find(|client| client.id == id && client.secret == secret);
        let client = client.cloned().ok_or_else(Refused::invalid_client)?;
        match form.get("client_id") {
            Some(other) if other != client.id => {
                Err(Refused::invalid_request("client_id is not the client that shows its secret"))
            }
            _ => Ok(client),
        }
    }

    /// Registers where a client's people may be sent back to, instead of what was registered.
    pub(crate) fn register(&self, id: &str, redirect_uris: Vec<String>) -> Option<Client> {
        let mut clients = self.lock();
        let client = clients.iter_mut().find(|client| client.id == id)?;
        client.redirect_uris = redirect_uris;
        Some(client.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Client>> {
        self.0.lock().expect("no code panics while it holds the clients")
    }
}

/// Id and secret are form-encoded first, then put together.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decoded = |text: &str| {
        let line = format!("x={text}");
        form_urlencoded::parse(line.as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    Some((decoded(id)?, decoded(secret)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_and_secret_are_decoded_after_they_are_taken_apart() {
        let header = |text: &str| format!("basic {}", STANDARD.encode(text));
        assert_eq!(basic(&header("an%3Aid:s+e%26t")), Some(("an:id".into(), "s e&t".into())));
        assert_eq!(basic("Bearer abc"), None);
        assert_eq!(basic(&header("nothing")), None);
    }
}
