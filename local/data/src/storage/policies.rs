//! Stored access policies as clients write and read them: `<SignedIdentifiers>`.

use super::{
    authorization::Policy,
    code, dates,
    failure::Failure,
    xml::{self, Xml},
};

/// Policies on one container or queue, at most.
const MAX_POLICIES: usize = 5;
/// Characters of a policy's name, at most.
const MAX_ID_LENGTH: usize = 64;
/// Bytes of a document with policies, at most.
pub(super) const MAX_BODY_BYTES: usize = 16 * 1024;

/// Reads the document; no document at all means no policies.
pub(super) fn parse(body: &[u8]) -> Result<Vec<Policy>, Failure> {
    if body.is_empty() {
        return Ok(Vec::new());
    }
    let document = xml::parse(body, "SignedIdentifiers")?;
    if document.children.len() > MAX_POLICIES {
        let reason = format!("at most {MAX_POLICIES} stored access policies");
        return Err(Failure::from(code::INVALID_XML_DOCUMENT).detail("Reason", reason));
    }
    document.children.iter().map(policy).collect()
}

fn policy(element: &xml::Element) -> Result<Policy, Failure> {
    let id = element.child_text("Id").unwrap_or_default();
    if id.is_empty() || id.chars().count() > MAX_ID_LENGTH {
        return Err(Failure::from(code::INVALID_XML_NODE_VALUE)
            .detail("XmlNodeName", "Id")
            .detail("XmlNodeValue", id));
    }
    let of = |name: &'static str| {
        let access = element.child("AccessPolicy");
        access.and_then(|access| access.child_text(name)).unwrap_or_default().to_owned()
    };
    let policy = Policy {
        id: id.to_owned(),
        start: of("Start"),
        expiry: of("Expiry"),
        permissions: of("Permission"),
    };
    for (name, time) in [("Start", &policy.start), ("Expiry", &policy.expiry)] {
        if !time.is_empty() && dates::parse_iso(time).is_none() {
            return Err(Failure::from(code::INVALID_XML_NODE_VALUE)
                .detail("XmlNodeName", name)
                .detail("XmlNodeValue", time));
        }
    }
    Ok(policy)
}

/// Writes the document.
pub(super) fn document(policies: &[Policy]) -> Xml {
    let mut xml = Xml::document();
    xml.open("SignedIdentifiers");
    for policy in policies {
        xml.open("SignedIdentifier");
        xml.text("Id", &policy.id);
        xml.open("AccessPolicy");
        let given = [
            ("Start", &policy.start),
            ("Expiry", &policy.expiry),
            ("Permission", &policy.permissions),
        ];
        for (name, value) in given {
            xml.text_if(name, Some(value.as_str()).filter(|value| !value.is_empty()));
        }
        xml.close("AccessPolicy");
        xml.close("SignedIdentifier");
    }
    xml.close("SignedIdentifiers");
    xml
}
