//! One mail, as a person sees it: its HTML in a frame in which nothing runs and nothing is fetched, its text, its
//! attachments, and all of it as a file.

use askama::Template;
use http::{HeaderValue, header};
use jiff::Timestamp;
use simulator_shell::{Reply, StatusCode, reply};

use super::{Answer, no_mail, not_kept};
use crate::{
    desk::Desk,
    eml::{disposition, eml},
    mail::{Mail, OperationState},
    message::{Address, Message, Recipients},
    reports::Report,
};

/// Of the page around a mail.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'none'; \
                           base-uri 'none'; frame-ancestors 'none'";
/// Of what strangers wrote: no script, no form, nothing from elsewhere, and an origin that is nobody's.
const MAIL_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                           form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

#[derive(Template)]
#[template(path = "mail.html")]
struct View {
    mail: Mail,
    message: Message,
    state: OperationState,
    reports: Vec<Report>,
}

impl View {
    fn addresses(&self) -> [(&'static str, &[Address]); 4] {
        let Message { recipients, reply_to, .. } = &self.message;
        let Recipients { to, cc, bcc } = recipients;
        [("To", to), ("Cc", cc), ("Bcc", bcc), ("Reply to", reply_to)]
    }
}

/// `GET /mails/{number}` and below it `html`, `eml` and `attachments/{index}`.
pub(super) fn answer(desk: &Desk, path: &str) -> Answer {
    let (number, part) = path.split_once('/').unwrap_or((path, ""));
    let number: u64 = number.parse().map_err(|_| no_mail())?;
    let found = desk.mailbox.with(|known, now| {
        let (mail, message) = (known.mail(number)?.clone(), known.content(number)?);
        Some((mail, message, known.reports_of(number).cloned().collect(), now))
    });
    let (mail, message, reports, now) = found.ok_or_else(no_mail)?;
    match part {
        "" => page(mail, message, reports, now),
        "html" => {
            let html = message.content.html.unwrap_or_default();
            Ok(with_policy(
                reply::with(StatusCode::OK, "text/html; charset=utf-8", html),
                MAIL_POLICY,
            ))
        }
        "eml" => {
            let file = format!("mail-{number}.eml");
            Ok(download(eml(&mail, &message), "message/rfc822", &file))
        }
        _ => {
            let index = part.strip_prefix("attachments/").and_then(|index| index.parse().ok());
            let attachment = index.and_then(|index: usize| message.attachments.get(index));
            let attachment = attachment.ok_or_else(no_mail)?;
            let bytes = attachment.bytes().unwrap_or_default();
            Ok(download(bytes, &attachment.content_type, &attachment.name))
        }
    }
}

pub(super) fn style() -> Reply {
    reply::with(StatusCode::OK, "text/css; charset=utf-8", include_str!("templates/mails.css"))
}

fn page(mail: Mail, message: Message, reports: Vec<Report>, now: Timestamp) -> Answer {
    let state = mail.state(now);
    let html = View { mail, message, state, reports }.render().map_err(not_kept)?;
    Ok(with_policy(reply::with(StatusCode::OK, "text/html; charset=utf-8", html), PAGE_POLICY))
}

fn with_policy(mut reply: Reply, policy: &'static str) -> Reply {
    let policy = HeaderValue::from_static(policy);
    reply.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    reply
}

/// Saved, never shown: what is in it is a stranger's.
fn download(bytes: Vec<u8>, content_type: &str, name: &str) -> Reply {
    let reply = reply::with(StatusCode::OK, "application/octet-stream", bytes);
    let mut reply = with_policy(reply, MAIL_POLICY);
    let headers = reply.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(content_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if let Ok(disposition) = HeaderValue::from_str(&disposition(name)) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    reply
}
