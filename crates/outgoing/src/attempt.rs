//! One attempt: connect, send, follow redirects as far as allowed, read.

use crate::{
    answer::Answer,
    client::Client,
    error::Reason,
    guard::{self, GuardError},
    request::Request,
};
use reqwest::{
    Method, Response, StatusCode, Url,
    header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue, LOCATION},
};
use std::{error::Error, sync::Once, time::Duration};

/// An idle connection is closed before the load balancers in between forget it.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// Connections to a host that are kept while nothing is asked on them. One that brought a large answer has large buffers
/// for as long as it lives, and what is beyond these would be there after the busiest second only.
const MAX_IDLE_CONNECTIONS: usize = 32;
/// The longest wait for a new connection.
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);

impl Client {
    pub(crate) async fn try_once(&self, request: &Request) -> Result<Answer, Reason> {
        let http = self.http()?;
        let mut headers = request.headers.clone();
        if let Some(bearer) = &self.bearer {
            headers.insert(AUTHORIZATION, bearer_header(bearer().await)?);
        }
        let mut url = request.url.clone();
        for _ in 0..=self.limits.redirects {
            let sent = http
                .request(request.method.clone(), url.clone())
                .headers(headers.clone())
                .body(request.body.clone())
                .send();
            let response = sent.await.map_err(|error| reason(&error))?;
            let Some(next) = self.redirect(&request.method, &url, &response)? else {
                let max_bytes = self.limits.max_answer_bytes;
                return match self.limits.glance_for {
                    Some(time) => {
                        Ok(Answer::glance(response, max_bytes, time, self.clock.now()).await)
                    }
                    None => Answer::read(response, max_bytes, self.clock.now()).await,
                };
            };
            if next.origin() != url.origin() {
                remove_secrets(&mut headers);
            }
            url = next;
        }
        Err(Reason::LostOnTheWay)
    }

    /// Where the answer leads, if it does and we follow.
    fn redirect(
        &self,
        method: &Method,
        from: &Url,
        answer: &Response,
    ) -> Result<Option<Url>, Reason> {
        let leads_on = matches!(
            answer.status(),
            StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT
        );
        // A body is for the one whom we asked.
        let follow = self.limits.redirects > 0 && [Method::GET, Method::HEAD].contains(method);
        if !leads_on || !follow {
            return Ok(None);
        }
        let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let location = location.ok_or(Reason::LostOnTheWay)?;
        let next = match &self.guard {
            Some(guard) => guard.join(from, location)?,
            None => from.join(location).map_err(|_| Reason::LostOnTheWay)?,
        };
        let stays_private = next.scheme() == "https" || next.scheme() == from.scheme();
        if stays_private { Ok(Some(next)) } else { Err(Reason::LostOnTheWay) }
    }

    /// Made at first use: reading the certificates takes a while.
    fn http(&self) -> Result<&reqwest::Client, Reason> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        install_tls();
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_DEADLINE)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(MAX_IDLE_CONNECTIONS)
            .redirect(reqwest::redirect::Policy::none())
            // A proxy would resolve names for us, unchecked.
            .no_proxy();
        if let Some(guard) = &self.guard {
            builder = builder.dns_resolver(guard::CheckedResolver::new(guard.clone()));
        }
        let http = builder.build().map_err(|error| Reason::NoClient(error.to_string()))?;
        Ok(self.http.get_or_init(|| http))
    }
}

fn bearer_header(token: Result<String, String>) -> Result<HeaderValue, Reason> {
    let token = token.map_err(Reason::NoToken)?;
    let mut header = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| Reason::NoToken("the token is no header's value".to_owned()))?;
    header.set_sensitive(true);
    Ok(header)
}

/// What was meant for the one whom we asked.
fn remove_secrets(headers: &mut HeaderMap) {
    let is_secret = |name: &HeaderName, value: &HeaderValue| {
        value.is_sensitive() || [AUTHORIZATION, COOKIE].contains(name)
    };
    *headers = std::mem::take(headers)
        .iter()
        .filter(|(name, value)| !is_secret(name, value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
}

/// What an attempt without an answer met; the error's own text would tell our URL.
fn reason(error: &reqwest::Error) -> Reason {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<GuardError>() {
            return Reason::Refused(refused.clone());
        }
        cause = error.source();
    }
    if error.is_connect() { Reason::Unreachable } else { Reason::Broken }
}

/// `reqwest` leaves the choice of the TLS implementation to us and must not be asked for a client before.
fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that somebody chose before us, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
