//! A mail as a file that mail programs open (RFC 5322, MIME).

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{fmt::rfc2822::DateTimePrinter, tz::TimeZone};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    mail::Mail,
    message::{Address, Message},
};

/// Letters of base64 in a line (RFC 2045).
const LINE: usize = 76;
/// Bytes of an encoded word, so that it stays within 75 letters (RFC 2047).
const WORD: usize = 42;

/// The file. Recipients in bcc are not in it.
pub(crate) fn eml(mail: &Mail, message: &Message) -> Vec<u8> {
    let mut out = String::new();
    header(&mut out, "From", &message.sender_address);
    addresses(&mut out, "To", &message.recipients.to);
    addresses(&mut out, "Cc", &message.recipients.cc);
    addresses(&mut out, "Reply-To", &message.reply_to);
    header(&mut out, "Subject", &words(&message.content.subject));
    let date = DateTimePrinter::new().zoned_to_string(&mail.accepted_at.to_zoned(TimeZone::UTC));
    header(&mut out, "Date", &date.unwrap_or_default());
    header(&mut out, "Message-ID", &format!("<{}@email.localhost>", mail.operation_id));
    for (name, value) in &message.headers {
        header(&mut out, name, &words(value));
    }
    header(&mut out, "MIME-Version", "1.0");
    let (mixed, alternative) = (boundary("mixed", mail), boundary("alternative", mail));
    multipart(&mut out, "mixed", &mixed);
    open(&mut out, &mixed);
    multipart(&mut out, "alternative", &alternative);
    let texts = [("plain", &message.content.plain_text), ("html", &message.content.html)];
    for (kind, text) in texts {
        let Some(text) = text else { continue };
        open(&mut out, &alternative);
        part(&mut out, &format!("text/{kind}; charset=utf-8"), None, text.as_bytes());
    }
    close(&mut out, &alternative);
    for attachment in &message.attachments {
        open(&mut out, &mixed);
        let name = disposition(&attachment.name);
        part(
            &mut out,
            &attachment.content_type,
            Some(&name),
            &attachment.bytes().unwrap_or_default(),
        );
    }
    close(&mut out, &mixed);
    out.into_bytes()
}

/// `attachment` with a file name in any script (RFC 6266, RFC 8187).
pub(crate) fn disposition(name: &str) -> String {
    format!("attachment; filename*=UTF-8''{}", utf8_percent_encode(name, NON_ALPHANUMERIC))
}

fn header(out: &mut String, name: &str, value: &str) {
    out.push_str(&format!("{name}: {value}\r\n"));
}

fn addresses(out: &mut String, name: &str, list: &[Address]) {
    let each = list.iter().map(|one| match one.display_name.as_deref() {
        Some(shown) if !shown.is_empty() => format!("{} <{}>", encoded(shown), one.address),
        _ => one.address.clone(),
    });
    let each: Vec<_> = each.collect();
    if !each.is_empty() {
        header(out, name, &each.join(",\r\n "));
    }
}

/// A text in a header: as it is, or in encoded words.
fn words(text: &str) -> String {
    let is_plain = text.bytes().all(|byte| (32..127).contains(&byte)) && !text.contains("=?");
    if is_plain && text.len() < LINE { text.to_owned() } else { encoded(text) }
}

fn encoded(text: &str) -> String {
    let (mut words, mut word) = (Vec::new(), String::new());
    for letter in text.chars() {
        if word.len() + letter.len_utf8() > WORD {
            words.push(std::mem::take(&mut word));
        }
        word.push(letter);
    }
    words.push(word);
    let words = words.iter().map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)));
    words.collect::<Vec<_>>().join("\r\n ")
}

fn boundary(kind: &str, mail: &Mail) -> String {
    // Base64 has no underscores: no content contains it.
    format!("{kind}_{}", mail.operation_id)
}

fn multipart(out: &mut String, kind: &str, boundary: &str) {
    out.push_str(&format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\r\n\r\n"));
}

fn open(out: &mut String, boundary: &str) {
    out.push_str(&format!("--{boundary}\r\n"));
}

fn close(out: &mut String, boundary: &str) {
    out.push_str(&format!("--{boundary}--\r\n"));
}

fn part(out: &mut String, content_type: &str, disposition: Option<&str>, content: &[u8]) {
    header(out, "Content-Type", content_type);
    disposition.into_iter().for_each(|value| header(out, "Content-Disposition", value));
    header(out, "Content-Transfer-Encoding", "base64");
    out.push_str("\r\n");
    let text = STANDARD.encode(content);
    for line in text.as_bytes().chunks(LINE) {
        out.push_str(std::str::from_utf8(line).expect("base64 is ASCII"));
        out.push_str("\r\n");
    }
}
