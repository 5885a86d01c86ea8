//! The account: its containers, and what kind of account it is.

use http::StatusCode;

use super::{block_blob::etag, store::Store};
use crate::storage::{call::Call, dates, failure::Failure, reply::Reply, xml::Xml};

/// Containers in a page, at most and if the client does not say.
const MAX_PAGE: usize = 5_000;

/// List Containers.
pub(super) fn list(store: &Store, call: &Call) -> Result<Reply, Failure> {
    let query = &call.query;
    let asked = query.number("maxresults", 1..=usize::MAX)?;
    let max = asked.unwrap_or(MAX_PAGE).min(MAX_PAGE);
    let (page, next) = store.list(query.text("prefix"), query.text("marker"), max);
    let mut xml = Xml::document();
    xml.open_with("EnumerationResults", &[("ServiceEndpoint", &store.shared.url)]);
    xml.text_if("Prefix", query.get("prefix"));
    xml.text_if("Marker", query.get("marker"));
    xml.text_if("MaxResults", asked.map(|max| max.to_string()).as_deref());
    xml.open("Containers");
    for (name, record) in &page {
        xml.open("Container");
        xml.text("Name", name);
        xml.open("Properties");
        xml.text("Last-Modified", &dates::http(record.modified));
        xml.text("Etag", &etag(record.version));
        record.lease.to_xml(call.now, &mut xml);
        let is_kept = store.retention.of(name).is_some();
        xml.text("HasImmutabilityPolicy", &is_kept.to_string());
        xml.text("HasLegalHold", "false");
        xml.close("Properties");
        if query.lists("include", "metadata") {
            record.metadata.to_xml(&mut xml);
        }
        xml.close("Container");
    }
    xml.close("Containers");
    xml.text("NextMarker", next.as_deref().unwrap_or_default());
    xml.close("EnumerationResults");
    Ok(Reply::new(StatusCode::OK).xml(xml))
}

/// Get Account Information.
pub(super) fn information() -> Reply {
    Reply::new(StatusCode::OK)
        .header("x-ms-sku-name", "Standard_LRS")
        .header("x-ms-account-kind", "StorageV2")
        .header("x-ms-is-hns-enabled", "false")
}
