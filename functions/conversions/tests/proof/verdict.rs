//! What must hold once all is quiet.

use crate::people::{Book, Person, SERVICES};
use app_tests::proof::{Addresses, Platform};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

/// Where nothing may be left.
const QUEUES: [&str; 6] = [
    "contacts-replays",
    "contacts-replays-poison",
    "conversions-files",
    "conversions-files-poison",
    "conversions-replays",
    "conversions-replays-poison",
];
/// What timers do by and by.
const TIMERS: [(&str, &str); 2] = [("contacts", "poison_queues"), ("conversions", "poison_queues")];
const HUBS: [&str; 5] = ["account", "contact", "lead", "salesfile", "sale"];

/// What was found when all was well.
pub(crate) struct Found {
    people: usize,
    left: usize,
    facts: usize,
    told: usize,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { people, left, facts, told } = self;
        write!(
            f,
            "{people} people, of whom {left} left; {facts} facts on five hubs, told {told} times, each in its order"
        )
    }
}

/// Waits until everything has been made up for, and panics with what has not.
pub(crate) async fn settled(platform: &Platform, book: &Book) -> Found {
    platform
        .settles(async |_| {
            platform.handlers_follow();
            for timer in TIMERS {
                platform.addresses().start_timer(timer).await;
            }
            differences(platform.addresses(), &book.all()).await
        })
        .await
}

async fn differences(addresses: &Addresses, people: &[Person]) -> Result<Found, Vec<String>> {
    let mut wrong = addresses.left_in(&QUEUES).await;
    for app in ["profiles", "contacts", "conversions"] {
        match addresses.documents((app, "dead-letters")).await {
            Some(letters) if letters.is_empty() => {}
            other => wrong.push(format!("dead letters of {app}: {other:?}")),
        }
    }
    let left = people.iter().filter(|person| person.has_left).count();
    let mut found = Found { people: people.len(), left, facts: 0, told: 0 };
    let mut told: HashMap<&str, BTreeMap<String, Vec<String>>> = HashMap::new();
    for hub in HUBS {
        let Some(events) = addresses.events(hub).await else {
            wrong.push(format!("the event hub {hub} cannot be read"));
            continue;
        };
        wrong.extend(out_of_order(hub, &events));
        let about = by_subject(&events);
        found.told += events.len();
        found.facts += about.values().map(Vec::len).sum::<usize>();
        told.insert(hub, about);
    }
    for person in people {
        wrong.extend(wrong_with(person, &told));
    }
    wrong.extend(wrong_counts(people, &told));
    wrong.extend(wrong_contacts(addresses, people).await);
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

/// The last part of each event's id, without those that came again, by what the event is about.
fn by_subject(events: &[Value]) -> BTreeMap<String, Vec<String>> {
    let mut about: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for event in events {
        let subject = event["subject"].as_str().unwrap().to_owned();
        let name = event["id"].as_str().unwrap()[subject.len() + 1..].to_owned();
        let names = about.entry(subject).or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    about
}

/// Each fact is there for the first time after those that happened before it.
fn out_of_order(hub: &str, events: &[Value]) -> Vec<String> {
    let mut last: BTreeMap<&str, u64> = BTreeMap::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut wrong = Vec::new();
    for event in events.iter().filter(|event| known.insert(event["id"].as_str().unwrap())) {
        let revision = event["revision"].as_u64().unwrap();
        let before = last.insert(event["subject"].as_str().unwrap(), revision);
        if before.is_some_and(|before| before >= revision) {
            wrong.push(format!("{hub}: {} comes after {before:?}", event["id"]));
        }
    }
    wrong
}

fn wrong_with(person: &Person, told: &HashMap<&str, BTreeMap<String, Vec<String>>>) -> Vec<String> {
    let kinds = |hub: &str| -> Vec<String> {
        let names = told.get(hub).and_then(|about| about.get(&person.id)).cloned();
        let kind = |name: String| name.split_once('-').map(|(_, kind)| kind.to_owned());
        let mut kinds: Vec<String> =
            names.unwrap_or_default().into_iter().filter_map(kind).collect();
        kinds.sort();
        kinds
    };
    let mut account = vec!["account-activated"];
    let mut contact = vec!["activated"];
    if person.has_left {
        account.push("account-deactivated");
        contact.push("deactivated");
    }
    contact.extend(["purchased"; SERVICES.len()]);
    let expected = [("account", account), ("contact", contact)];
    let differ = expected.into_iter().filter(|(hub, expected)| kinds(hub) != *expected);
    differ
        .map(|(hub, expected)| {
            let kinds = kinds(hub);
            format!("{hub} has told {kinds:?} of {}, and not {expected:?}", person.id)
        })
        .collect()
}

/// Each row is one sale and each file one file, however often they were taken.
fn wrong_counts(
    people: &[Person],
    told: &HashMap<&str, BTreeMap<String, Vec<String>>>,
) -> Option<String> {
    let count = |hub: &str| told.get(hub).map_or(0, BTreeMap::len);
    let (sales, files) = (count("sale"), count("salesfile"));
    let is_right = (sales, files) == (people.len() * SERVICES.len(), people.len());
    (!is_right).then(|| format!("{sales} sales in {files} files of {} people", people.len()))
}

/// The contacts as their app keeps them.
async fn wrong_contacts(addresses: &Addresses, people: &[Person]) -> Vec<String> {
    let Some(contacts) = addresses.documents(("contacts", "contacts")).await else {
        return vec!["the contacts cannot be read".to_owned()];
    };
    let by_id: HashMap<&str, &Value> =
        contacts.iter().map(|contact| (contact["id"].as_str().unwrap(), contact)).collect();
    let mut wrong = Vec::new();
    for person in people {
        let contact = by_id.get(person.id.as_str()).copied().unwrap_or(&Value::Null);
        let products = contact["products"].as_array().map_or(0, Vec::len);
        let expected = if person.has_left { ("gone", 0) } else { ("active", SERVICES.len()) };
        let is_told = contact["facts"].as_array().is_some_and(Vec::is_empty);
        if (contact["state"].as_str().unwrap_or_default(), products) != expected || !is_told {
            wrong.push(format!("{contact} should be {expected:?}"));
        }
    }
    wrong
}
