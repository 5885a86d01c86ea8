//! User delegation keys: what a client with an Entra ID token signs with instead of the account key.
//!
//! Nothing is stored: a key is derived from the account key and from what the key says of itself, so that it
//! can be found again from any signature that was made with it.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use super::{
    account,
    authorization::{self, Presented},
    body::{self, RequestBody},
    call::Call,
    code, dates,
    failure::{Failure, unauthenticated},
    reply::Reply,
    sas,
    xml::{self, Xml},
};
use crate::Service;

/// The longest life of a key.
const MAX_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Bytes of a request for a key, at most.
const MAX_BODY_BYTES: usize = 16 * 1024;
/// Whoever asks locally: one person in one tenant.
const OBJECT_ID: &str = "00000000-0000-0000-0000-000000000001";
const TENANT_ID: &str = "00000000-0000-0000-0000-000000000002";

/// What a key says of itself; the names are those of a signature's parameters.
struct Fields<'a> {
    skoid: &'a str,
    sktid: &'a str,
    skt: &'a str,
    ske: &'a str,
    sks: &'a str,
    skv: &'a str,
    skdutid: &'a str,
}

impl Fields<'_> {
    fn value(&self) -> String {
        let Self { skoid, sktid, skt, ske, sks, skv, skdutid } = self;
        let text = ["user delegation key", skoid, sktid, skt, ske, sks, skv, skdutid].join("\n");
        account::sign(&account::key(), &text)
    }
}

/// `POST ?restype=service&comp=userdelegationkey`, with a bearer token and `<KeyInfo>`.
pub(super) async fn issue(
    call: &Call,
    service: Service,
    body: &mut RequestBody,
) -> Result<Reply, Failure> {
    if !authorization::has_bearer(call) {
        return Err(unauthenticated(
            "only a bearer token is accepted for user delegation keys; locally any will do",
        ));
    }
    let info = xml::parse(&body::collect(body, MAX_BODY_BYTES).await?, "KeyInfo")?;
    let start = match info.child_text("Start") {
        None | Some("") => call.now,
        Some(text) => time("Start", text)?,
    };
    let expiry_text = info.child_text("Expiry").unwrap_or_default();
    let expiry = time("Expiry", expiry_text)?;
    if expiry <= call.now || expiry <= start || expiry.duration_since(call.now) > MAX_LIFE {
        return Err(Failure::from(code::INVALID_XML_NODE_VALUE)
            .detail("XmlNodeName", "Expiry")
            .detail("XmlNodeValue", expiry_text)
            .detail(
                "Reason",
                "The key must expire after its start and within seven days from now.",
            ));
    }
    let (skt, ske) = (dates::iso(start), dates::iso(expiry));
    let fields = Fields {
        skoid: OBJECT_ID,
        sktid: TENANT_ID,
        skt: &skt,
        ske: &ske,
        sks: letter(service),
        skv: call.version(),
        skdutid: info.child_text("DelegatedUserTid").unwrap_or_default(),
    };
    Ok(Reply::new(StatusCode::OK).xml(document(&fields)))
}

fn document(fields: &Fields<'_>) -> Xml {
    let mut xml = Xml::document();
    xml.open("UserDelegationKey");
    xml.text("SignedOid", fields.skoid);
    xml.text("SignedTid", fields.sktid);
    xml.text("SignedStart", fields.skt);
    xml.text("SignedExpiry", fields.ske);
    xml.text("SignedService", fields.sks);
    xml.text("SignedVersion", fields.skv);
    xml.text_if("SignedDelegatedUserTid", Some(fields.skdutid).filter(|id| !id.is_empty()));
    xml.text("Value", &fields.value());
    xml.close("UserDelegationKey");
    xml
}

/// The key that a user delegation SAS was signed with, if it is for this service and still good.
pub(super) fn of_signature(presented: &Presented<'_>) -> Result<Vec<u8>, Failure> {
    let text = |name| presented.query.text(name);
    let fields = Fields {
        skoid: text("skoid"),
        sktid: text("sktid"),
        skt: text("skt"),
        ske: text("ske"),
        sks: text("sks"),
        skv: text("skv"),
        skdutid: text("skdutid"),
    };
    if fields.sks != letter(presented.service) {
        return Err(code::AUTHORIZATION_SERVICE_MISMATCH.into());
    }
    sas::within(presented.now, fields.skt, fields.ske, "User delegation key")?;
    Ok(STANDARD.decode(fields.value()).expect("what was encoded decodes"))
}

fn letter(service: Service) -> &'static str {
    match service {
        Service::Queue => "q",
        _ => "b",
    }
}

fn time(name: &'static str, text: &str) -> Result<Timestamp, Failure> {
    dates::parse_iso(text).or_else(|| text.parse().ok()).ok_or_else(|| {
        Failure::from(code::INVALID_XML_NODE_VALUE)
            .detail("XmlNodeName", name)
            .detail("XmlNodeValue", text)
    })
}
