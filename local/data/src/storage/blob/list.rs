//! List Blobs: in the order of names, in pages, flat or as folders.

use std::{
    collections::{BTreeMap, VecDeque},
    iter::Peekable,
    ops::Bound,
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::URL_SAFE};
use http::StatusCode;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    Allowed,
    block_blob::{Blob, CopyStatus},
    container::Container,
    store::Store,
    tags,
};
use crate::storage::{
    call::Call,
    code, dates,
    failure::Failure,
    query::Query,
    reply::Reply,
    xml::{Xml, is_allowed},
};

/// Entries in a page, at most and if the client does not say.
const MAX_PAGE: usize = 5_000;

/// In a marker, between the name of a blob and the time of its snapshot. No name holds it.
const BEFORE_TIME: char = '\0';
/// Greater than every time: the blob itself.
const AFTER_TIMES: &str = "~";

/// One entry of a list.
enum Entry<'a> {
    Blob(&'a str, &'a Arc<Blob>),
    /// A snapshot of a blob, with its time.
    Snapshot(&'a str, &'a str, &'a Arc<Blob>),
    /// A blob of which there are only staged blocks.
    Uncommitted(&'a str),
    /// All blobs whose names begin so, up to the delimiter.
    Prefix(&'a str),
}

/// List Blobs.
pub(super) fn blobs(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    let query = &call.query;
    let from = match query.get("marker") {
        Some(marker) => read_marker(marker)?,
        None => query.text("startfrom").to_owned(),
    };
    if query.lists("include", "snapshots") && query.get("delimiter").is_some() {
        return Err(code::INVALID_QUERY_PARAMETER_VALUE.into());
    }
    let asked = query.number("maxresults", 1..=usize::MAX)?;
    let max = asked.unwrap_or(MAX_PAGE).min(MAX_PAGE);
    let xml = store.with(allowed.container, |container| {
        let mut entries = entries(container, query, &from).peekable();
        let mut xml = Xml::document();
        open(&mut xml, store, allowed, asked);
        write(&mut xml, &mut entries, max, call);
        let next = entries.peek().map(|entry| marker(&entry.place())).unwrap_or_default();
        xml.text("NextMarker", &next);
        xml.close("EnumerationResults");
        Ok(xml)
    })?;
    Ok(Reply::new(StatusCode::OK).xml(xml))
}

fn open(xml: &mut Xml, store: &Store, allowed: Allowed<'_>, asked: Option<usize>) {
    let query = &allowed.call.query;
    let attributes =
        [("ServiceEndpoint", store.shared.url.as_str()), ("ContainerName", allowed.container)];
    xml.open_with("EnumerationResults", &attributes);
    xml.text_if("Prefix", query.get("prefix"));
    xml.text_if("Marker", query.get("marker"));
    xml.text_if("MaxResults", asked.map(|max| max.to_string()).as_deref());
    xml.text_if("Delimiter", query.get("delimiter"));
}

fn write<'a>(
    xml: &mut Xml,
    entries: &mut Peekable<impl Iterator<Item = Entry<'a>>>,
    max: usize,
    call: &Call,
) {
    xml.open("Blobs");
    for _ in 0..max {
        match entries.next() {
            None => break,
            Some(Entry::Blob(name, blob)) => blob_to_xml(xml, name, None, blob, call),
            Some(Entry::Snapshot(name, time, blob)) => {
                blob_to_xml(xml, name, Some(time), blob, call);
            }
            Some(Entry::Uncommitted(name)) => uncommitted_to_xml(xml, name),
            Some(Entry::Prefix(prefix)) => {
                xml.open("BlobPrefix");
                name_to_xml(xml, prefix);
                xml.close("BlobPrefix");
            }
        }
    }
    xml.close("Blobs");
}

impl Entry<'_> {
    /// Where a page goes on that begins with it; the snapshots of a blob come before it.
    fn place(&self) -> String {
        match self {
            Self::Snapshot(name, time, _) => format!("{name}{BEFORE_TIME}{time}"),
            Self::Blob(name, _) => format!("{name}{BEFORE_TIME}{AFTER_TIMES}"),
            Self::Uncommitted(name) | Self::Prefix(name) => (*name).to_owned(),
        }
    }
}

/// The entries from `from` on, in order. Behind a prefix it goes on with the first name that does not have it, so
/// that a folder of a million blobs costs as much as one of ten.
fn entries<'a>(
    container: &'a Container,
    query: &'a Query,
    from: &str,
) -> impl Iterator<Item = Entry<'a>> {
    let (prefix, delimiter) = (query.text("prefix"), query.get("delimiter"));
    let with_uncommitted = query.lists("include", "uncommittedblobs");
    let with_snapshots = query.lists("include", "snapshots");
    let (from, first_time) = from.split_once(BEFORE_TIME).unwrap_or((from, ""));
    let (from_name, mut first_time) = (from.to_owned(), first_time.to_owned());
    let mut next = Some(Bound::Included(from.max(prefix).to_owned()));
    let mut waiting = VecDeque::new();
    std::iter::from_fn(move || {
        if let Some(entry) = waiting.pop_front() {
            return Some(entry);
        }
        let start = next.take()?;
        let name = first_name(container, with_uncommitted, &start)
            .filter(|name| name.starts_with(prefix))?;
        if let Some(folder) = delimiter.and_then(|delimiter| folder(name, prefix, delimiter)) {
            next = after_prefix(folder).map(Bound::Included);
            return Some(Entry::Prefix(folder));
        }
        next = Some(Bound::Excluded(name.to_owned()));
        let time = std::mem::take(&mut first_time);
        if with_snapshots && let Some(of_blob) = container.snapshots.get(name) {
            let of_blob = of_blob.iter().filter(|(at, _)| name != from_name || **at >= time);
            waiting.extend(of_blob.map(|(at, blob)| Entry::Snapshot(name, at, blob)));
        }
        waiting.push_back(match container.blobs.get(name) {
            Some(blob) => Entry::Blob(name, blob),
            None => Entry::Uncommitted(name),
        });
        waiting.pop_front()
    })
}

fn first_name<'a>(
    container: &'a Container,
    with_uncommitted: bool,
    start: &Bound<String>,
) -> Option<&'a str> {
    fn first<'a, V>(names: &'a BTreeMap<String, V>, start: &Bound<String>) -> Option<&'a str> {
        let start = start.as_ref().map(String::as_str);
        names.range::<str, _>((start, Bound::Unbounded)).next().map(|(name, _)| name.as_str())
    }
    let committed = first(&container.blobs, start);
    let uncommitted = if with_uncommitted { first(&container.staged, start) } else { None };
    match (committed, uncommitted) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}

/// The part of the name up to and with the first delimiter behind the prefix.
fn folder<'a>(name: &'a str, prefix: &str, delimiter: &str) -> Option<&'a str> {
    let at = name[prefix.len()..].find(delimiter)?;
    Some(&name[..prefix.len() + at + delimiter.len()])
}

/// The smallest text that comes after everything that begins with `prefix`.
fn after_prefix(prefix: &str) -> Option<String> {
    let (at, last) = prefix.char_indices().next_back()?;
    let head = &prefix[..at];
    // Surrogates are no characters: the next one after U+D7FF is U+E000.
    let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
    match next {
        Some(next) => Some(format!("{head}{next}")),
        None => after_prefix(head),
    }
}

fn blob_to_xml(xml: &mut Xml, name: &str, snapshot: Option<&str>, blob: &Blob, call: &Call) {
    let query = &call.query;
    xml.open("Blob");
    name_to_xml(xml, name);
    xml.text_if("Snapshot", snapshot);
    xml.open("Properties");
    properties_to_xml(xml, blob, call.now);
    if query.lists("include", "copy")
        && let Some(copy) = &blob.copy
    {
        xml.text("CopyId", &copy.id);
        xml.text("CopySource", &copy.source);
        xml.text("CopyStatus", copy.status());
        xml.text("CopyProgress", &copy.progress());
        if copy.status != CopyStatus::Pending {
            xml.text("CopyCompletionTime", &dates::http(copy.completed));
        }
    }
    if !blob.tags.is_empty() {
        xml.text("TagCount", &blob.tags.len().to_string());
    }
    xml.close("Properties");
    if query.lists("include", "metadata") {
        blob.metadata.to_xml(xml);
    }
    if query.lists("include", "tags") && !blob.tags.is_empty() {
        tags::to_xml(&blob.tags, xml);
    }
    xml.text("OrMetadata", "");
    xml.close("Blob");
}

fn properties_to_xml(xml: &mut Xml, blob: &Blob, now: Timestamp) {
    let headers = &blob.headers;
    xml.text("Creation-Time", &dates::http(blob.created));
    xml.text("Last-Modified", &dates::http(blob.modified));
    // Lists have entity tags without quotes.
    xml.text("Etag", blob.etag().trim_matches('"'));
    xml.text("Content-Length", &blob.content.length().to_string());
    xml.text("Content-Type", &headers.content_type);
    xml.text("Content-Encoding", headers.content_encoding.as_deref().unwrap_or_default());
    xml.text("Content-Language", headers.content_language.as_deref().unwrap_or_default());
    xml.text("Content-CRC64", "");
    xml.text("Content-MD5", headers.content_md5.as_deref().unwrap_or_default());
    xml.text("Cache-Control", headers.cache_control.as_deref().unwrap_or_default());
    xml.text("Content-Disposition", headers.content_disposition.as_deref().unwrap_or_default());
    xml.text("BlobType", "BlockBlob");
    xml.text("AccessTier", "Hot");
    xml.text("AccessTierInferred", "true");
    blob.lease.to_xml(now, xml);
    xml.text("ServerEncrypted", "true");
}

fn uncommitted_to_xml(xml: &mut Xml, name: &str) {
    xml.open("Blob");
    name_to_xml(xml, name);
    xml.open("Properties");
    xml.text("Content-Length", "0");
    xml.text("BlobType", "BlockBlob");
    xml.close("Properties");
    xml.close("Blob");
}

/// A name that XML cannot hold is written percent-encoded, and says so.
fn name_to_xml(xml: &mut Xml, name: &str) {
    if name.chars().all(is_allowed) {
        xml.text("Name", name);
        return;
    }
    xml.open_with("Name", &[("Encoded", "true")]);
    xml.plain(&utf8_percent_encode(name, NON_ALPHANUMERIC).to_string());
    xml.close("Name");
}

/// Where the next page begins; opaque to clients.
fn marker(name: &str) -> String {
    URL_SAFE.encode(name)
}

fn read_marker(marker: &str) -> Result<String, Failure> {
    let name = URL_SAFE.decode(marker).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    name.ok_or_else(|| code::INVALID_MARKER.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_ends_where_its_names_end() {
        assert_eq!(after_prefix("a/"), Some("a0".to_owned()));
        assert_eq!(after_prefix("a\u{D7FF}"), Some("a\u{E000}".to_owned()));
        assert_eq!(after_prefix(&format!("a{0}{0}", char::MAX)), Some("b".to_owned()));
        assert_eq!(after_prefix(&char::MAX.to_string()), None);
        assert_eq!(folder("2026/11/a.txt", "2026/", "/"), Some("2026/11/"));
        assert_eq!(folder("2026", "2026", "/"), None);
    }

    #[test]
    fn a_marker_reads_back() {
        assert_eq!(read_marker(&marker("dir/ü 🌉")).unwrap(), "dir/ü 🌉");
        assert!(read_marker("not a marker").is_err());
    }
}
