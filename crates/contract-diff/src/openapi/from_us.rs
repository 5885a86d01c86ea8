//! What we send of ourselves: webhooks and callbacks. There the request is read by clients, and the answer by us.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{METHODS, Operation, content};
use crate::{
    change::Report,
    document::{Document, Unreadable},
    pointer::Pointer,
    schema::subset::Usage,
};

pub(super) fn webhooks(
    old: &Document,
    new: &Document,
    report: &mut Report,
) -> Result<(), Unreadable> {
    let pair = ((&old.root["webhooks"], old), (&new.root["webhooks"], new));
    each(pair, &Pointer::of(&["webhooks"]), report, &|name| format!("webhook {name}"))
}

pub(super) fn callbacks<'a>(
    old: &Operation<'a>,
    new: &Operation<'a>,
    report: &mut Report,
) -> Result<(), Unreadable> {
    let (before, now) = (&old.value["callbacks"], &new.value["callbacks"]);
    let place = report.place.clone();
    let at = new.at().at("callbacks");
    for name in names(before).chain(names(now)).collect::<BTreeSet<_>>() {
        let pair = (
            (old.document.follow(&before[name]), old.document),
            (new.document.follow(&now[name]), new.document),
        );
        each(pair, &at.at(name), report, &|_| format!("{place}, callback {name}"))?;
    }
    report.place = place;
    Ok(())
}

fn names(value: &Value) -> impl Iterator<Item = &str> {
    value.as_object().map(Map::keys).into_iter().flatten().map(String::as_str)
}

fn each<'a>(
    ((old, before), (new, now)): (content::Placed<'a>, content::Placed<'a>),
    at: &Pointer,
    report: &mut Report,
    place: &dyn Fn(&str) -> String,
) -> Result<(), Unreadable> {
    for name in names(old).chain(names(new)).collect::<BTreeSet<_>>() {
        let (one, two) = (before.follow(&old[name]), now.follow(&new[name]));
        report.place = place(name);
        for method in METHODS {
            let at = at.at(name).at(method);
            match (one.get(method), two.get(method)) {
                (Some(one), Some(two)) => {
                    both(((one, before), (two, now)), &at, report)?;
                }
                (Some(_), None) => {
                    report.add(
                        "message-from-us-removed",
                        &at,
                        "it is not sent any more".to_owned(),
                    );
                }
                (None, Some(_)) => {
                    report.add("message-from-us-added", &at, "it is new".to_owned());
                }
                (None, None) => {}
            }
        }
    }
    Ok(())
}

fn both<'a>(
    ((old, before), (new, now)): (content::Placed<'a>, content::Placed<'a>),
    at: &Pointer,
    report: &mut Report,
) -> Result<(), Unreadable> {
    let part = |value: &'a Value, document: &'a Document, keys: &[&str]| {
        keys.iter().fold((value, document), |(value, document), key| {
            (document.follow(&value[*key]), document)
        })
    };
    let pair = (part(old, before, &["requestBody"]), part(new, now, &["requestBody"]));
    content::compare(report, Usage::Response, pair, &at.at("requestBody").at("content"))?;
    for status in names(&new["responses"]).filter(|status| old["responses"].get(*status).is_some())
    {
        let keys = ["responses", status];
        let pair = (part(old, before, &keys), part(new, now, &keys));
        let at = at.at("responses").at(status).at("content");
        content::compare(report, Usage::Request, pair, &at)?;
    }
    Ok(())
}
