//! What a mail says: that there is an invoice, of how much, and where the order is. What licences open with is no mail's to
//! carry, and nothing in it watches who reads.

use crate::domain::{Buyer, OrderId};
use askama::Template;
use custom_handler::{Setting, Settings, SettingsError};
use jiff::civil::Date;
use money::Money;
use outgoing::ServiceUrl;

/// Larger pictures are behind the link only, in bytes.
const MAX_ATTACHED: usize = 200 << 10;

const ORDERS_URL: Setting = Setting::new(
    "ORDERS_URL",
    "where customers look at their orders; mails link to it, with the order's id behind",
    "https://www.example.com/orders/",
);

/// Writes mails.
#[derive(Debug)]
pub(crate) struct Writer {
    orders: ServiceUrl,
}

/// A mail with its words.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) address: String,
    pub(crate) name: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    pub(crate) attachment: Option<Attachment>,
}

pub(crate) struct Attachment {
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
}

/// An invoice is nobody's to see in a log.
impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attachment of {} bytes", self.content.len())
    }
}

/// What a mail is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) order: OrderId,
    pub(crate) number: &'a str,
    pub(crate) is_credit: bool,
    pub(crate) total: Money,
    pub(crate) due: Option<Date>,
    /// How the account ends that is charged, or gets back.
    pub(crate) account: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Text<'a> {
    words: &'a Words<'a>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    words: &'a Words<'a>,
}

struct Words<'a> {
    name: &'a str,
    what: &'a str,
    number: &'a str,
    total: String,
    due: Option<String>,
    account: Option<String>,
    is_attached: bool,
    link: String,
}

impl Writer {
    /// Reads `ORDERS_URL`.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        Ok(Self { orders: settings.value(&ORDERS_URL)? })
    }

    pub(crate) fn write(&self, about: About<'_>, to: &Buyer, picture: Vec<u8>) -> Letter {
        let number = about.number;
        let what = if about.is_credit { "credit note" } else { "invoice" };
        let attachment = (picture.len() <= MAX_ATTACHED).then(|| Attachment {
            name: format!("{}-{number}.pdf", what.replace(' ', "-")),
            content: picture,
        });
        let words = Words {
            name: to.name.as_str(),
            what,
            number,
            total: shown(about.total),
            due: about.due.map(|due| due.to_string()),
            account: about.account.map(|ending| {
                let done = if about.is_credit { "given back" } else { "charged" };
                format!("{done} to your account ending {ending}")
            }),
            is_attached: attachment.is_some(),
            link: self.orders.at(&about.order.to_string()).to_string(),
        };
        let written = "a template writes into memory";
        Letter {
            address: to.email_address.as_str().to_owned(),
            name: to.name.as_str().to_owned(),
            subject: format!("Your {what} {number}"),
            text: Text { words: &words }.render().expect(written),
            html: Html { words: &words }.render().expect(written),
            attachment,
        }
    }
}

fn shown(amount: Money) -> String {
    format!("{} {}", amount.amount(), amount.currency())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;
    use uuid::Uuid;

    fn written(name: &str, picture: usize) -> Letter {
        let buyer: Buyer = serde_json::from_value(json!({
            "name": name, "emailAddress": "kim@example.com",
            "address": {"street": "Havnegade 1", "city": "København", "country": "DK"},
        }))
        .unwrap();
        let about = About {
            order: OrderId::from(Uuid::nil()),
            number: "IODK-2026-000001",
            is_credit: false,
            total: Money::new("855.00".parse().unwrap(), "EUR".parse().unwrap()),
            due: Some("2026-12-29".parse().unwrap()),
            account: None,
        };
        let writer = Writer { orders: "https://www.example.com/orders/".parse().unwrap() };
        writer.write(about, &buyer, vec![0; picture])
    }

    #[test]
    fn a_letter_says_what_is_to_be_paid_and_where_the_order_is() {
        let letter = written("Kim", 10);
        assert_eq!(letter.subject, "Your invoice IODK-2026-000001");
        for part in [
            "IODK-2026-000001",
            "855.00 EUR",
            "2026-12-29",
            "https://www.example.com/orders/00000000-0000-0000-0000-000000000000",
        ] {
            assert!(letter.text.contains(part) && letter.html.contains(part), "{part}");
        }
        assert_eq!(letter.attachment.unwrap().name, "invoice-IODK-2026-000001.pdf");
    }

    #[test]
    fn a_name_is_no_markup_and_a_large_picture_is_not_attached() {
        let letter = written("<b>Kim & Co</b>", MAX_ATTACHED + 1);
        assert!(letter.text.contains("<b>Kim & Co</b>"), "{}", letter.text);
        assert!(!letter.html.contains("<b>Kim"), "{}", letter.html);
        assert!(letter.attachment.is_none() && !letter.text.contains("attached"));
    }
}
