//! List Queues.

use http::StatusCode;

use super::Queues;
use crate::storage::{call::Call, failure::Failure, reply::Reply, xml::Xml};

/// Queues in a page, at most and if the client does not say.
const MAX_PAGE: usize = 5_000;

/// `GET ?comp=list`
pub(super) fn list(queues: &Queues, call: &Call) -> Result<Reply, Failure> {
    let query = &call.query;
    let (prefix, marker) = (query.text("prefix"), query.text("marker"));
    let asked = query.number("maxresults", 1..=usize::MAX)?;
    let (page, next) = queues.store.list(prefix, marker, asked.unwrap_or(MAX_PAGE).min(MAX_PAGE));
    let mut xml = Xml::document();
    xml.open_with("EnumerationResults", &[("ServiceEndpoint", &queues.url)]);
    xml.text_if("Prefix", query.get("prefix"));
    xml.text_if("Marker", query.get("marker"));
    xml.text_if("MaxResults", asked.map(|max| max.to_string()).as_deref());
    xml.open("Queues");
    for (name, of_queue) in &page {
        xml.open("Queue");
        xml.text("Name", name);
        if query.lists("include", "metadata") {
            of_queue.to_xml(&mut xml);
        }
        xml.close("Queue");
    }
    xml.close("Queues");
    xml.text("NextMarker", next.as_deref().unwrap_or_default());
    xml.close("EnumerationResults");
    Ok(Reply::new(StatusCode::OK).xml(xml))
}
