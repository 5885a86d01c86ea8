//! Letters of one app or of all. An app that is not there, or that the key is not for, is passed over when all are
//! asked.

use crate::api::{Api, Failure};
use crate::cli::{Filter, Which};
use crate::commands::Outcome;
use crate::print;
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, io::Read, path::Path};

/// Letters in one request; an app takes no more.
const PAGE: usize = 100;
/// What all apps together answer to a key that is not theirs.
const WRONG_KEY: [u16; 2] = [401, 403];
/// What an app that is not there answers, or one that does not know the reason that is asked for.
const NOT_HERE: [u16; 2] = [400, 404];

/// The apps that were asked, and what the last one said that could not be.
struct Asked {
    alone: bool,
    answered: bool,
    last: Option<Failure>,
}

impl Asked {
    fn new(apps: &[Api]) -> Self {
        Self { alone: apps.len() == 1, answered: false, last: None }
    }

    /// What an app answered; nothing if it is passed over.
    fn take<T>(&mut self, api: &Api, answer: Result<T, Failure>) -> Result<Option<T>, Failure> {
        match answer {
            Ok(answer) => {
                self.answered = true;
                Ok(Some(answer))
            }
            Err(failure) if !self.alone && failure.is(&WRONG_KEY) => {
                print::note(&format!("{} is left out: {failure}", api.app.name));
                self.last = Some(failure);
                Ok(None)
            }
            Err(failure) if !self.alone && failure.is(&NOT_HERE) => {
                self.last.get_or_insert(failure);
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Fails if no app answered.
    fn end(self) -> Result<(), Failure> {
        match self.last {
            Some(failure) if !self.answered => Err(failure),
            _ => Ok(()),
        }
    }
}

pub(crate) async fn list(
    apps: &[Api],
    filter: &Filter,
    state: &str,
    most: usize,
    json: bool,
) -> Result<Outcome, Failure> {
    let (mut asked, mut shown, mut more) = (Asked::new(apps), 0, false);
    for api in apps {
        let mut continuation = None::<String>;
        while shown < most {
            let limit = PAGE.min(most - shown).to_string();
            let mut query = vec![("state", state), ("limit", &limit)];
            query.extend(given(api, filter));
            query.extend(continuation.as_deref().map(|token| ("continuation", token)));
            let page = api.get(&["dead-letters"], &query).await;
            let Some(page) = asked.take(api, page)? else { break };
            for letter in page.body["items"].as_array().into_iter().flatten() {
                let letter = of(api, letter.clone());
                if json {
                    print::json(&letter)
                } else {
                    print::row(&letter)
                }
                shown += 1;
            }
            continuation = page.body["continuation"].as_str().map(str::to_owned);
            if continuation.is_none() {
                break;
            }
        }
        more |= continuation.is_some();
    }
    if more && !json {
        print::note(&format!("there are more; --most {} shows them", shown * 2));
    }
    asked.end().map(|()| Outcome::Whole)
}

/// What the filter says, in the words of this app.
fn given<'a>(api: &Api, filter: &'a Filter) -> impl Iterator<Item = (&'static str, &'a str)> {
    let given = [
        ("reason", &filter.reason),
        (api.app.subject(), &filter.profile),
        ("since", &filter.since),
    ];
    given.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)))
}

/// The letter, and whose it is.
fn of(api: &Api, mut letter: Value) -> Value {
    letter["app"] = Value::from(api.app.name.as_str());
    letter
}

/// The app that has the letter, and the letter with its version.
async fn find<'a>(apps: &'a [Api], id: &str) -> Result<(&'a Api, Value, String), Failure> {
    let mut asked = Asked::new(apps);
    for api in apps {
        let answer = api.get(&["dead-letters", id], &[]).await;
        if let Some(answer) = asked.take(api, answer)? {
            return Ok((api, of(api, answer.body), answer.etag.unwrap_or_default()));
        }
    }
    asked.end()?;
    Err(Failure::Usage("no app is known that has dead letters".to_owned()))
}

pub(crate) async fn show(apps: &[Api], id: &str, json: bool) -> Result<Outcome, Failure> {
    let (_, letter, _) = find(apps, id).await?;
    if json {
        print::json(&letter)
    } else {
        print::letter(&letter)
    }
    Ok(Outcome::Whole)
}

pub(crate) async fn edit(
    apps: &[Api],
    id: &str,
    file: &Path,
    json: bool,
) -> Result<Outcome, Failure> {
    let unreadable = |error| Failure::Usage(format!("reading {}: {error}", file.display()));
    let mut message = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut message).map_err(unreadable)?;
    } else {
        message = std::fs::read_to_string(file).map_err(unreadable)?;
    }
    let (api, _, etag) = find(apps, id).await?;
    let letter = api.put(&["dead-letters", id], &etag, &json!({"message": message})).await?.body;
    if json {
        print::json(&of(api, letter))
    } else {
        print::note(&format!("{id} has another message; re-drive it to send that"))
    }
    Ok(Outcome::Whole)
}

/// Re-drives or discards.
pub(crate) async fn decide(
    apps: &[Api],
    action: &str,
    which: &Which,
    why: Option<String>,
    json: bool,
) -> Result<Outcome, Failure> {
    let decision = Decision { action, why };
    let total = if which.all {
        decision.about_all(apps, &which.filter).await?
    } else {
        decision.about_these(apps, &which.ids).await?
    };
    print::progress_ends();
    let Total { done, already, failed } = total;
    if json {
        print::json(&json!({"done": done, "already": already, "failed": failed}));
    } else {
        print::note(&format!("{done} done, {already} were done before, {} not done", failed.len()));
    }
    Ok(if failed.is_empty() { Outcome::Whole } else { Outcome::Partial })
}

struct Decision<'a> {
    action: &'a str,
    why: Option<String>,
}

impl Decision<'_> {
    async fn about_all(&self, apps: &[Api], filter: &Filter) -> Result<Total, Failure> {
        let (mut asked, mut total) = (Asked::new(apps), Total::default());
        for api in apps {
            let filter: Map<String, Value> =
                given(api, filter).map(|(name, value)| (name.to_owned(), value.into())).collect();
            let mut continuation = Value::Null;
            loop {
                let body = json!({
                    "action": self.action, "filter": filter, "why": self.why, "limit": PAGE,
                    "continuation": continuation,
                });
                let page = api.post(&["dead-letters"], &body).await;
                let Some(page) = asked.take(api, page)? else { break };
                total.add(&page.body, |_| true);
                continuation = page.body["continuation"].clone();
                if continuation.is_null() {
                    break;
                }
            }
        }
        asked.end().map(|()| total)
    }

    /// Asks one app after the other, each for what the ones before did not have.
    async fn about_these(&self, apps: &[Api], ids: &[String]) -> Result<Total, Failure> {
        let (mut asked, mut total) = (Asked::new(apps), Total::default());
        let mut left: BTreeSet<String> = ids.iter().cloned().collect();
        for api in apps {
            let wanted: Vec<String> = left.iter().cloned().collect();
            for ids in wanted.chunks(PAGE) {
                let body = json!({"action": self.action, "ids": ids, "why": self.why});
                let page = api.post(&["dead-letters"], &body).await;
                let Some(page) = asked.take(api, page)? else { break };
                let strangers = strangers(&page.body);
                left.retain(|id| !ids.contains(id) || strangers.contains(id));
                total.add(&page.body, |id| !strangers.contains(id));
            }
        }
        asked.end()?;
        let nowhere =
            |id: &String| json!({"id": id, "problem": "no app has a dead letter with this id"});
        let failed: Vec<Value> = left.iter().map(nowhere).collect();
        total.add(&json!({"failed": failed}), |_| true);
        Ok(total)
    }
}

/// The letters that the app does not have.
fn strangers(page: &Value) -> BTreeSet<String> {
    let failed = page["failed"].as_array().into_iter().flatten();
    let unknown = failed.filter(|failed| {
        failed["problem"].as_str().is_some_and(|problem| problem.contains("no-such-dead-letter"))
    });
    unknown.filter_map(|failed| Some(failed["id"].as_str()?.to_owned())).collect()
}

#[derive(Default)]
struct Total {
    done: u64,
    already: u64,
    failed: Vec<Value>,
}

impl Total {
    fn add(&mut self, page: &Value, counts: impl Fn(&str) -> bool) {
        self.done += page["done"].as_u64().unwrap_or_default();
        self.already += page["already"].as_u64().unwrap_or_default();
        for failed in page["failed"].as_array().into_iter().flatten() {
            let text = |name: &str| failed[name].as_str().unwrap_or_default().to_owned();
            if counts(&text("id")) {
                print::progress_ends();
                print::failed(&text("id"), &text("problem"));
                self.failed.push(failed.clone());
            }
        }
        print::progress(&format!("{} done", self.done + self.already));
    }
}
