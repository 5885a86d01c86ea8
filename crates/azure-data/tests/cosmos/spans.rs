//! What telemetry hears of operations.

use super::{Account, document};
use pretty_assertions::assert_eq;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

type Fields = BTreeMap<&'static str, String>;

/// Spans of operations by their ids, in the order in which they began.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<(Id, Fields)>>>);

struct Visitor<'a>(&'a mut Fields);

impl Visit for Visitor<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl<S: Subscriber> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        if attributes.metadata().name() == "cosmos_db" {
            let mut fields = Fields::new();
            attributes.record(&mut Visitor(&mut fields));
            self.0.lock().unwrap().push((id.clone(), fields));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut spans = self.0.lock().unwrap();
        if let Some((_, fields)) = spans.iter_mut().rev().find(|(known, _)| known == id) {
            values.record(&mut Visitor(fields));
        }
    }
}

impl Spans {
    /// The last one, and its charge.
    fn last(&self) -> (Vec<String>, f64) {
        let (_, mut fields) = self.0.lock().unwrap().last().unwrap().clone();
        let charge = fields.remove("azure.cosmosdb.operation.request_charge").unwrap();
        let fields = fields.into_iter().map(|(name, value)| format!("{name}={value}"));
        (fields.collect(), charge.parse().unwrap())
    }
}

#[tokio::test]
async fn an_operation_is_a_span_with_its_status_and_charge_and_without_ids() {
    let account = Account::start().await;
    let items = account.items();
    let spans = Spans::default();
    let _heard =
        tracing::subscriber::set_default(tracing_subscriber::registry().with(spans.clone()));
    let expected = |operation: &str, status: &str| {
        [
            "db.collection.name=items".to_owned(),
            "db.namespace=shop".to_owned(),
            format!("db.operation.name={operation}"),
            format!("db.response.status_code={status}"),
            "db.system.name=azure.cosmosdb".to_owned(),
            "otel.kind=client".to_owned(),
            format!("otel.name={operation} items"),
        ]
    };
    items.create("p", "secret", &document("secret", 1)).await.unwrap();
    assert_eq!(spans.last().0, expected("create_item", "201"));
    items.read::<Value>("p", "secret").await.unwrap().unwrap();
    let (read, charge) = spans.last();
    assert_eq!(read, expected("read_item", "200"));
    assert!(charge > 0.0, "{charge}");
    assert!(items.read::<Value>("p", "no-secret").await.unwrap().is_none());
    // That there is none is no error.
    assert_eq!(spans.last().0, expected("read_item", "404"));
    let query = azure_data::Query::from("SELECT * FROM c WHERE c.id = 'secret'");
    items.query::<Value>(query, 10.try_into().unwrap()).await.unwrap();
    let (query, charge) = spans.last();
    assert_eq!(query, expected("query_items", "200"));
    assert!(charge > 0.0, "{charge}");
}
