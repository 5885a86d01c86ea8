//! The message that stands for a blob in the host's own queue, and in its poison queue.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which blob, for which function.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BlobPointer {
    /// Always `BlobTrigger`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// `Host.Functions.<Function>`.
    pub function_id: String,
    /// `Block`, `Page` or `Append`.
    pub blob_type: String,
    /// Its container.
    pub container_name: String,
    /// Its name in the container.
    pub blob_name: String,
    /// Its ETag when the event was raised. It is not compared: a blob that has changed since is read as it is now.
    #[serde(rename = "ETag")]
    pub etag: String,
}

impl BlobPointer {
    /// The pointer of an event of the blob service; `None` when it is not about a blob.
    pub fn of_event(function_id: &str, event: &Value) -> Option<Self> {
        let data = event.get("data")?;
        let text = |key: &str| data.get(key).and_then(Value::as_str);
        let (container_name, blob_name) = place(text("url")?)?;
        let blob_type = text("blobType").unwrap_or("BlockBlob");
        Some(Self {
            kind: "BlobTrigger".to_owned(),
            function_id: function_id.to_owned(),
            blob_type: blob_type.strip_suffix("Blob").unwrap_or(blob_type).to_owned(),
            container_name,
            blob_name,
            etag: text("eTag").unwrap_or_default().to_owned(),
        })
    }
}

/// Container and name of a blob's URL. In the path style of the emulators the account comes first.
fn place(url: &str) -> Option<(String, String)> {
    let (_, rest) = url.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let host = host.split(':').next().unwrap_or_default();
    let is_path_style =
        host == "localhost" || host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    let path = if is_path_style { path.split_once('/')?.1 } else { path };
    let (container, name) = path.split('?').next()?.split_once('/')?;
    let name = percent_decode_str(name).decode_utf8().ok()?.into_owned();
    (!name.is_empty()).then(|| (container.to_owned(), name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_styles_of_url_are_read() {
        let found = |url: &str| place(url).map(|(container, name)| format!("{container}|{name}"));
        assert_eq!(
            found("https://acct.blob.core.windows.net/in/a.txt").as_deref(),
            Some("in|a.txt")
        );
        assert_eq!(
            found("http://127.0.0.1:10000/devstoreaccount1/in/d/a%20b.txt").as_deref(),
            Some("in|d/a b.txt")
        );
        assert_eq!(found("http://localhost:1/devstoreaccount1/in/a?x=1").as_deref(), Some("in|a"));
        assert_eq!(found("https://acct.blob.core.windows.net/in/"), None);
        assert_eq!(found("nonsense"), None);
    }

    #[test]
    fn an_event_becomes_the_message_of_the_internal_queue() {
        let event = json!({"data": {"url": "https://a.blob.core.windows.net/in/a.txt", "blobType": "BlockBlob", "eTag": "0x1"}});
        let pointer = BlobPointer::of_event("Host.Functions.OnBlob", &event).unwrap();
        let expected = json!({"Type": "BlobTrigger", "FunctionId": "Host.Functions.OnBlob", "BlobType": "Block",
            "ContainerName": "in", "BlobName": "a.txt", "ETag": "0x1"});
        assert_eq!(serde_json::to_value(&pointer).unwrap(), expected);
        assert_eq!(BlobPointer::of_event("f", &json!({"data": {}})), None);
    }
}
