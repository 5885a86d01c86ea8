//! A mail as it is handed in: `EmailMessage` of the specification.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

/// Recipients of one mail, all kinds together.
const MAX_RECIPIENTS: usize = 50;

/// A mail. Members that the specification does not know are refused: the service may pass over them, a typo must not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Message {
    pub(crate) sender_address: String,
    pub(crate) content: Content,
    pub(crate) recipients: Recipients,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) attachments: Vec<Attachment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) reply_to: Vec<Address>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) user_engagement_tracking_disabled: bool,
}

/// `EmailContent`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Content {
    pub(crate) subject: String,
    pub(crate) plain_text: Option<String>,
    pub(crate) html: Option<String>,
}

/// `EmailRecipients`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipients {
    pub(crate) to: Vec<Address>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) cc: Vec<Address>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) bcc: Vec<Address>,
}

/// `EmailAddress`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Address {
    pub(crate) address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<String>,
}

/// `EmailAttachment`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Attachment {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) content_in_base64: String,
}

impl Message {
    /// What is wrong with it, with the member's name.
    pub(crate) fn check(&self) -> Result<(), String> {
        let Content { subject, plain_text, html } = &self.content;
        if subject.trim().is_empty() || !is_one_line(subject) {
            return Err("content.subject is one line that is not empty".to_owned());
        }
        if [plain_text, html].into_iter().flatten().all(|text| text.is_empty()) {
            return Err("content.plainText or content.html must be there".to_owned());
        }
        check_address("senderAddress", &self.sender_address)?;
        let Recipients { to, .. } = &self.recipients;
        if to.is_empty() {
            return Err("recipients.to has one recipient at least".to_owned());
        }
        if self.recipients().count() > MAX_RECIPIENTS {
            return Err(format!("recipients are {MAX_RECIPIENTS} at most"));
        }
        for recipient in self.recipients().chain(&self.reply_to) {
            check_address("recipients and replyTo", &recipient.address)?;
            if !recipient.display_name.as_deref().is_none_or(is_one_line) {
                return Err("displayName is one line".to_owned());
            }
        }
        self.headers.iter().try_for_each(|(name, value)| check_header(name, value))?;
        self.attachments.iter().try_for_each(Attachment::check)
    }

    /// All of them: to, cc, bcc.
    pub(crate) fn recipients(&self) -> impl Iterator<Item = &Address> {
        let Recipients { to, cc, bcc } = &self.recipients;
        to.iter().chain(cc).chain(bcc)
    }
}

impl Attachment {
    fn check(&self) -> Result<(), String> {
        if self.name.is_empty() || !is_one_line(&self.name) {
            return Err("attachments: name is one line that is not empty".to_owned());
        }
        let is_type = self.content_type.split_once('/').is_some_and(|(kind, rest)| {
            is_token(kind) && !rest.is_empty() && rest.bytes().all(|byte| (32..127).contains(&byte))
        });
        if !is_type {
            return Err(format!("attachments: contentType of {:?} is none", self.name));
        }
        match self.bytes() {
            Some(_) => Ok(()),
            None => Err(format!("attachments: contentInBase64 of {:?} is no base64", self.name)),
        }
    }

    /// What is in it.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        STANDARD.decode(&self.content_in_base64).ok()
    }
}

/// The service looks a little closer; whether somebody lives there it cannot see either.
fn check_address(what: &str, address: &str) -> Result<(), String> {
    let is_clean = address.bytes().all(|byte| byte.is_ascii_graphic())
        && !address.contains(['<', '>', ',', ';']);
    let is_address = address.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    });
    if is_clean && is_address { Ok(()) } else { Err(format!("{what}: an address is none")) }
}

fn check_header(name: &str, value: &str) -> Result<(), String> {
    if is_token(name) && is_one_line(value) {
        return Ok(());
    }
    Err(format!("headers: {name:?} is no name of a header, or its value is not one line"))
}

fn is_one_line(text: &str) -> bool {
    !text.contains(char::is_control)
}

fn is_token(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_part)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::{Value, json};

    /// A mail with everything in it.
    pub(crate) fn full() -> Value {
        json!({
            "senderAddress": "billing@iommi.example",
            "content": {"subject": "Räkning 7 für 佐藤", "plainText": "Hej!", "html": "<p>Hej!</p>"},
            "recipients": {"to": [{"address": "kim@example.com", "displayName": "Kim Å"}],
                "cc": [{"address": "cc@example.com"}], "bcc": [{"address": "bcc@example.com"}]},
            "attachments": [{"name": "räkning.pdf", "contentType": "application/pdf", "contentInBase64": "JVBERi0="}],
            "replyTo": [{"address": "help@iommi.example"}],
            "headers": {"X-Order": "7"},
            "userEngagementTrackingDisabled": true,
        })
    }

    #[test]
    fn a_mail_is_taken_or_the_member_is_named_that_is_wrong() {
        let message: Message = serde_json::from_value(full()).unwrap();
        assert_eq!(message.check(), Ok(()));
        assert_eq!(json!(message), full());
        let many: Vec<_> =
            (0..50).map(|n| json!({"address": format!("a{n}@example.com")})).collect();
        for (pointer, value, said) in [
            ("/content/subject", json!("a\r\nBcc: b@example.com"), "subject"),
            ("/content", json!({"subject": "a"}), "plainText"),
            ("/recipients/to", json!([]), "to"),
            ("/recipients/to", json!(many), "50"),
            ("/recipients/to/0/address", json!("kim"), "address"),
            ("/recipients/to/0/address", json!("<kim@example.com>"), "address"),
            ("/recipients/to/0/displayName", json!("a\nb"), "displayName"),
            ("/senderAddress", json!("nobody"), "senderAddress"),
            ("/headers", json!({"X Order": "7"}), "headers"),
            ("/attachments/0/contentInBase64", json!("%"), "contentInBase64"),
            ("/attachments/0/contentType", json!("pdf"), "contentType"),
            ("/attachments/0/name", json!(""), "name"),
        ] {
            let mut mail = full();
            *mail.pointer_mut(pointer).unwrap() = value;
            let message: Message = serde_json::from_value(mail).unwrap();
            let error = message.check().unwrap_err();
            assert!(error.contains(said), "{pointer}: {error}");
        }
    }
}
