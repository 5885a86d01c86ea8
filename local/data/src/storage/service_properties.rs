//! What is configured for a service as a whole: `?restype=service&comp=properties`.
//!
//! It is kept and given back. Of all of it only the CORS rules have an effect.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

use http::StatusCode;

use super::{
    body::{self, RequestBody},
    code, cors,
    failure::{Failure, internal},
    persistence::{Persistence, from_json, json},
    reply::Reply,
    xml::{self, Element, Xml},
};
use crate::{Error, Service};

/// Bytes of a document with properties, at most.
const MAX_BODY_BYTES: usize = 64 * 1024;
const KEY: &[u8] = b"p/";
const ROOT: &str = "StorageServiceProperties";

const LOGGING: &str = "<Logging><Version>1.0</Version><Delete>false</Delete><Read>false</Read><Write>false</Write>\
                       <RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></Logging>";
const HOUR_METRICS: &str = "<HourMetrics><Version>1.0</Version><Enabled>false</Enabled>\
                            <RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></HourMetrics>";
const MINUTE_METRICS: &str = "<MinuteMetrics><Version>1.0</Version><Enabled>false</Enabled>\
                              <RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></MinuteMetrics>";
const CORS: &str = "<Cors />";
const DELETE_RETENTION: &str =
    "<DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy>";
const STATIC_WEBSITE: &str = "<StaticWebsite><Enabled>false</Enabled></StaticWebsite>";

/// The properties of one service: its elements by name.
#[derive(Debug)]
pub(super) struct ServiceProperties {
    elements: Mutex<BTreeMap<String, Element>>,
    persistence: Persistence,
}

impl ServiceProperties {
    /// What was kept, or a new account's properties.
    pub(super) fn open(persistence: Persistence, service: Service) -> Result<Self, Error> {
        let mut elements = defaults(service);
        persistence.scan(KEY, |_, value| {
            elements = from_json(value)?;
            Ok(())
        })?;
        Ok(Self { elements: Mutex::new(elements), persistence })
    }

    /// Which web pages may use the service.
    pub(super) fn cors_rules(&self) -> Vec<cors::Rule> {
        self.lock().get("Cors").map(cors::Rule::all).unwrap_or_default()
    }

    /// Get Service Properties.
    pub(super) fn answer(&self) -> Reply {
        let mut xml = Xml::document();
        xml.open(ROOT);
        for element in self.lock().values() {
            xml.element(element);
        }
        xml.close(ROOT);
        Reply::new(StatusCode::OK).xml(xml)
    }

    /// Set Service Properties: replaces the elements that are given.
    pub(super) async fn set(&self, body: &mut RequestBody) -> Result<Reply, Failure> {
        let given = xml::parse(&body::collect(body, MAX_BODY_BYTES).await?, ROOT)?;
        let mut elements = self.lock();
        let mut changed = elements.clone();
        for element in given.children {
            if !changed.contains_key(&element.name) && element.name != "DefaultServiceVersion" {
                let reason = format!("{} is no property of this service", element.name);
                return Err(Failure::from(code::INVALID_XML_DOCUMENT).detail("Reason", reason));
            }
            changed.insert(element.name.clone(), element);
        }
        let mut change = self.persistence.change();
        change.put(KEY, || json(&changed));
        change.commit().map_err(|error| internal("keeping service properties", &error))?;
        *elements = changed;
        Ok(Reply::new(StatusCode::ACCEPTED))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Element>> {
        self.elements.lock().expect("no code panics while it holds the properties")
    }
}

fn defaults(service: Service) -> BTreeMap<String, Element> {
    let blob_only = if service == Service::Blob {
        [DELETE_RETENTION, STATIC_WEBSITE].concat()
    } else {
        String::new()
    };
    let document = [
        &format!("<{ROOT}>"),
        LOGGING,
        HOUR_METRICS,
        MINUTE_METRICS,
        CORS,
        &blob_only,
        &format!("</{ROOT}>"),
    ]
    .concat();
    let root = xml::parse(document.as_bytes(), ROOT).expect("our own defaults are well-formed");
    root.children.into_iter().map(|element| (element.name.clone(), element)).collect()
}
