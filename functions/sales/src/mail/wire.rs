//! The mail service's messages.

use super::letter::Letter;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

/// Longest code of an error that is believed to be one.
const MAX_CODE: usize = 64;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MailWire<'a> {
    sender_address: &'a str,
    content: ContentWire<'a>,
    recipients: RecipientsWire<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentWire<'a>>,
    /// Nobody is watched who reads an invoice.
    user_engagement_tracking_disabled: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ContentWire<'a> {
    subject: &'a str,
    plain_text: &'a str,
    html: &'a str,
}

#[derive(Debug, Serialize)]
struct RecipientsWire<'a> {
    to: [RecipientWire<'a>; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RecipientWire<'a> {
    address: &'a str,
    display_name: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AttachmentWire<'a> {
    name: &'a str,
    content_type: &'a str,
    content_in_base64: String,
}

impl<'a> MailWire<'a> {
    pub(super) fn of(sender: &'a str, letter: &'a Letter) -> Self {
        let to = RecipientWire { address: &letter.address, display_name: &letter.name };
        let attachment = letter.attachment.iter().map(|attached| AttachmentWire {
            name: &attached.name,
            content_type: "application/pdf",
            content_in_base64: STANDARD.encode(&attached.content),
        });
        Self {
            sender_address: sender,
            content: ContentWire {
                subject: &letter.subject,
                plain_text: &letter.text,
                html: &letter.html,
            },
            recipients: RecipientsWire { to: [to] },
            attachments: attachment.collect(),
            user_engagement_tracking_disabled: true,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct OperationWire {
    pub(super) status: String,
    error: Option<CodeWire>,
}

impl OperationWire {
    /// Why it failed: a code.
    pub(super) fn reason(self) -> String {
        self.error.map(CodeWire::plain).filter(|code| !code.is_empty()).unwrap_or(self.status)
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct ErrorWire {
    error: CodeWire,
}

impl ErrorWire {
    pub(super) fn code(self) -> String {
        self.error.plain()
    }
}

#[derive(Debug, Deserialize)]
struct CodeWire {
    #[serde(default)]
    code: String,
}

impl CodeWire {
    /// Nothing, if it is no code but may be a text that names somebody.
    fn plain(self) -> String {
        let is_code = self.code.len() <= MAX_CODE
            && self.code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if is_code { self.code } else { String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_code_is_told_of_what_the_service_says() {
        let reason = |code: &str| {
            let wire = json!({"id": "1", "status": "Failed", "error": {"code": code, "message": "kim@example.com"}});
            serde_json::from_value::<OperationWire>(wire).unwrap().reason()
        };
        assert_eq!(reason("EmailDropped"), "EmailDropped");
        assert_eq!(reason("no mailbox kim@example.com"), "Failed");
        assert_eq!(reason(""), "Failed");
    }
}
