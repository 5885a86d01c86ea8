//! What functions get that no request calls: messages, documents and events, with marks in them, and broken ones.

use std::path::Path;

use contract_check::description::Function;
use contract_check::{Contract, Description};
use contract_mock::Samples;
use serde_json::{Value, json};

use super::marking::{marked, spoiled};
use crate::App;
use crate::marked::{Kind, Marks};

/// Texts that are given to a function.
pub(super) struct Inputs {
    /// Of everything that the app takes: as it should be, with marks.
    pub(super) right: Vec<String>,
    /// Broken in ways of their own.
    pub(super) wrong: Vec<String>,
}

/// The data of an event type, as its schema says.
struct Kept {
    event_type: String,
    data: Value,
    schema: Value,
}

/// Events that an app sends or receives, whose data its schemas say.
pub(super) struct Events(Vec<Kept>);

impl Events {
    /// Reads the schemas of the workspace.
    pub(super) fn of(app: &App, description: &Description) -> Self {
        let is_known =
            |title: &str| description.event_types.iter().any(|known| known.name == title);
        let read = |file: &Path| {
            let text = std::fs::read_to_string(file).ok()?;
            let schema: Value = serde_json::from_str(&text).ok()?;
            let event_type = schema["title"].as_str().filter(|title| is_known(title))?.to_owned();
            let data = Samples::of(schema.clone()).value("")?;
            Some(Kept { event_type, data, schema })
        };
        let files = schema_files(&app.workspace().join("functions"));
        Self(files.iter().filter_map(|file| read(file)).collect())
    }

    /// Inputs for a function. `documents` are those of a container whose changes it gets.
    pub(super) fn inputs(
        &self,
        function: &Function,
        documents: &[Value],
        contract: &Contract,
        marks: &Marks,
    ) -> Inputs {
        let takes_documents = function.trigger.eq_ignore_ascii_case("cosmosDB");
        let takes_objects = function.trigger.eq_ignore_ascii_case("eventGrid");
        if takes_documents {
            return of_documents(documents, marks);
        }
        let mut right: Vec<Value> = Vec::new();
        let mut wrong: Vec<Value> = Vec::new();
        for kept in &self.0 {
            let fits = |value: &Value| {
                contract.mistakes(&kept.schema, value).is_ok_and(|found| found.is_empty())
            };
            right.push(event(kept, marked(&kept.data, marks, fits), marks));
            wrong.extend(
                spoiled(&kept.data, marks).into_iter().map(|data| event(kept, data, marks)),
            );
        }
        if takes_objects {
            right.extend(grid_events(marks));
        }
        let mut wrong: Vec<String> = wrong.iter().map(Value::to_string).collect();
        wrong.push(json!({ marks.new_mark(Kind::Word): marks.new_mark(Kind::Email) }).to_string());
        if !takes_objects {
            wrong.push(marks.new_mark(Kind::Text));
            wrong.push(format!("{{\"specversion\": \"{}", marks.new_mark(Kind::Name)));
            wrong.push(json!([marks.new_mark(Kind::Email)]).to_string());
        }
        Inputs { right: right.iter().map(Value::to_string).collect(), wrong }
    }
}

/// The schemas of all apps.
fn schema_files(functions: &Path) -> Vec<std::path::PathBuf> {
    let list = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = list(functions)
        .flat_map(|app| list(&app.path().join("messages")).map(|file| file.path()))
        .filter(|file| file.to_string_lossy().ends_with(".schema.json"))
        .collect();
    files.sort();
    files
}

fn event(kept: &Kept, data: Value, marks: &Marks) -> Value {
    // Ids may be logged: senders put nothing else there.
    json!({
        "specversion": "1.0",
        "id": new_id(),
        "source": "/elsewhere",
        "type": kept.event_type,
        "subject": new_id(),
        "partitionkey": marks.new_mark(Kind::Text),
        "time": "2026-11-01T08:00:00Z",
        "datacontenttype": "application/json",
        "revision": 1,
        "data": data,
    })
}

/// A UUID of nobody.
fn new_id() -> String {
    let number = format!("{:032x}", rand::random::<u128>());
    let (first, rest) = number.split_at(8);
    format!("{first}-{}-7{}-8{}-{}", &rest[..4], &rest[4..7], &rest[7..10], &rest[10..22])
}

/// What Azure tells: a blob, a file of a hub's capture, a report about a mail (their schemas: Event Grid's documentation).
fn grid_events(marks: &Marks) -> Vec<Value> {
    let mark = |kind| marks.new_mark(kind);
    let file = mark(Kind::FileName);
    let url = format!("http://127.0.0.1/devstoreaccount1/{}/{file}", mark(Kind::Word));
    let blob = json!({
        "api": "PutBlob", "contentType": mark(Kind::Word), "contentLength": 7, "blobType": "BlockBlob",
        "eTag": mark(Kind::Word), "url": url, "clientRequestId": mark(Kind::Word),
    });
    let captured = json!({
        "fileUrl": url, "fileType": "AzureBlockBlob", "partitionId": "0", "sizeInBytes": 7, "eventCount": 1,
        "firstSequenceNumber": 0, "lastSequenceNumber": 0, "firstEnqueueTime": "2026-11-01T08:00:00Z",
        "lastEnqueueTime": "2026-11-01T08:00:00Z",
    });
    let report = json!({
        "sender": mark(Kind::Email), "recipient": mark(Kind::Email), "messageId": mark(Kind::Word), "status": "Bounced",
        "deliveryStatusDetails": { "statusMessage": mark(Kind::Text) },
        "deliveryAttemptTimeStamp": "2026-11-01T08:00:00Z",
    });
    [
        ("Microsoft.Storage.BlobCreated", blob),
        ("Microsoft.EventHub.CaptureFileCreated", captured),
        ("Microsoft.Communication.EmailDeliveryReportReceived", report),
    ]
    .map(|(event_type, data)| {
        let subject = format!("/blobServices/default/containers/{}/blobs/{file}", mark(Kind::Word));
        json!({
            "id": mark(Kind::Word), "topic": "/subscriptions/local", "subject": subject, "eventType": event_type,
            "eventTime": "2026-11-01T08:00:00Z", "dataVersion": "1", "metadataVersion": "1", "data": data,
        })
    })
    .to_vec()
}

/// Documents as they are, with marks in them, and what is none.
fn of_documents(documents: &[Value], marks: &Marks) -> Inputs {
    let one_by_one = |list: Vec<Value>| list.into_iter().map(|one| json!([one]).to_string());
    let as_they_are = documents.to_vec();
    let all_marked = documents.iter().map(|document| {
        let keeps_id = |value: &Value| value["id"] == document["id"];
        marked(document, marks, keeps_id)
    });
    let mut wrong: Vec<Value> =
        documents.iter().take(1).flat_map(|document| spoiled(document, marks)).collect();
    wrong.push(json!({ "id": marks.new_mark(Kind::Email), "type": marks.new_mark(Kind::Word) }));
    Inputs {
        right: one_by_one(as_they_are).chain(one_by_one(all_marked.collect())).collect(),
        wrong: one_by_one(wrong).collect(),
    }
}
