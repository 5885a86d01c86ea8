//! What each command does.

use crate::api::{Api, Failure};
use crate::cli::{Cli, Command, Filter, Scope, Which};
use crate::print;
use serde_json::{Map, Value, json};
use std::{io::Read, path::Path, time::Duration};

/// Letters in one request; the app takes no more.
const PAGE: usize = 100;
/// The pause between two looks at a resend.
const POLL: Duration = Duration::from_secs(1);
/// The longest a resend is watched.
const MAX_POLLS: usize = 24 * 60 * 60;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Whole,
    /// Some letters were not dealt with.
    Partial,
}

pub(crate) async fn run(cli: Cli) -> Result<Outcome, Failure> {
    let api = Api::new(&cli.url, cli.key)?;
    match cli.command {
        Command::List { filter, state, most } => list(&api, &filter, &state, most, cli.json).await,
        Command::Show { id } => show(&api, &id, cli.json).await,
        Command::Edit { id, file } => edit(&api, &id, &file, cli.json).await,
        Command::Redrive { which, why } => decide(&api, "redrive", &which, why, cli.json).await,
        Command::Discard { which, why } => {
            decide(&api, "discard", &which, Some(why), cli.json).await
        }
        Command::Resend { scope, no_wait } => resend(&api, &scope, no_wait, cli.json).await,
        Command::Status { profile } => status(&api, profile.as_deref(), cli.json).await,
    }
}

async fn list(
    api: &Api,
    filter: &Filter,
    state: &str,
    most: usize,
    json: bool,
) -> Result<Outcome, Failure> {
    let (mut shown, mut continuation) = (0, None::<String>);
    while shown < most {
        let limit = PAGE.min(most - shown).to_string();
        let mut query = vec![("state", state), ("limit", &limit)];
        let given =
            [("reason", &filter.reason), ("profileId", &filter.profile), ("since", &filter.since)];
        query.extend(given.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))));
        query.extend(continuation.as_deref().map(|token| ("continuation", token)));
        let page = api.get(&["dead-letters"], &query).await?.body;
        for letter in page["items"].as_array().into_iter().flatten() {
            if json {
                print::json(letter)
            } else {
                print::row(letter)
            }
            shown += 1;
        }
        continuation = page["continuation"].as_str().map(str::to_owned);
        if continuation.is_none() {
            break;
        }
    }
    if continuation.is_some() && !json {
        print::note(&format!("there are more; --most {} shows them", shown * 2));
    }
    Ok(Outcome::Whole)
}

async fn show(api: &Api, id: &str, json: bool) -> Result<Outcome, Failure> {
    let letter = api.get(&["dead-letters", id], &[]).await?.body;
    if json {
        print::json(&letter)
    } else {
        print::letter(&letter)
    }
    Ok(Outcome::Whole)
}

async fn edit(api: &Api, id: &str, file: &Path, json: bool) -> Result<Outcome, Failure> {
    let unreadable = |error| Failure::Usage(format!("reading {}: {error}", file.display()));
    let mut message = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut message).map_err(unreadable)?;
    } else {
        message = std::fs::read_to_string(file).map_err(unreadable)?;
    }
    let etag = api.get(&["dead-letters", id], &[]).await?.etag.unwrap_or_default();
    let letter = api.put(&["dead-letters", id], &etag, &json!({"message": message})).await?.body;
    if json {
        print::json(&letter)
    } else {
        print::note(&format!("{id} has another message; re-drive it to send that"))
    }
    Ok(Outcome::Whole)
}

async fn decide(
    api: &Api,
    action: &str,
    which: &Which,
    why: Option<String>,
    json: bool,
) -> Result<Outcome, Failure> {
    let mut total = Total::default();
    if which.all {
        let mut filter = Map::new();
        let given = [
            ("reason", &which.filter.reason),
            ("profileId", &which.filter.profile),
            ("since", &which.filter.since),
        ];
        for (name, value) in given {
            filter.extend(value.clone().map(|value| (name.to_owned(), Value::String(value))));
        }
        let mut continuation = Value::Null;
        loop {
            let body = json!({"action": action, "filter": filter, "why": why, "limit": PAGE, "continuation": continuation});
            let page = api.post(&["dead-letters"], &body).await?.body;
            total.add(&page);
            continuation = page["continuation"].clone();
            if continuation.is_null() {
                break;
            }
        }
    } else {
        for ids in which.ids.chunks(PAGE) {
            let body = json!({"action": action, "ids": ids, "why": why});
            total.add(&api.post(&["dead-letters"], &body).await?.body);
        }
    }
    print::progress_ends();
    let Total { done, already, failed } = total;
    if json {
        print::json(&json!({"done": done, "already": already, "failed": failed}));
    } else {
        print::note(&format!("{done} done, {already} were done before, {} not done", failed.len()));
    }
    Ok(if failed.is_empty() { Outcome::Whole } else { Outcome::Partial })
}

#[derive(Default)]
struct Total {
    done: u64,
    already: u64,
    failed: Vec<Value>,
}

impl Total {
    fn add(&mut self, page: &Value) {
        self.done += page["done"].as_u64().unwrap_or_default();
        self.already += page["already"].as_u64().unwrap_or_default();
        for failed in page["failed"].as_array().into_iter().flatten() {
            let text = |name: &str| failed[name].as_str().unwrap_or_default().to_owned();
            print::progress_ends();
            print::failed(&text("id"), &text("problem"));
            self.failed.push(failed.clone());
        }
        print::progress(&format!("{} done", self.done + self.already));
    }
}

async fn resend(api: &Api, scope: &Scope, no_wait: bool, json: bool) -> Result<Outcome, Failure> {
    let body = match (&scope.profile, &scope.from, &scope.to) {
        (Some(profile), ..) => json!({"profileId": profile}),
        (None, Some(from), Some(to)) => json!({"from": from, "to": to}),
        _ => json!({"everything": true}),
    };
    let mut resend = api.post(&["legacy", "resend"], &body).await?.body;
    let id = resend["id"].as_str().unwrap_or_default().to_owned();
    for _ in 0..MAX_POLLS {
        if no_wait || resend["state"] == "done" {
            break;
        }
        print::progress(&format!("{} sent", resend["sent"]));
        tokio::time::sleep(POLL).await;
        resend = api.get(&["legacy", "resend", &id], &[]).await?.body;
    }
    print::progress_ends();
    if json {
        print::json(&resend)
    } else {
        print::note(&format!("{id}: {}, {} sent", resend["state"], resend["sent"]))
    }
    Ok(Outcome::Whole)
}

async fn status(api: &Api, profile: Option<&str>, json: bool) -> Result<Outcome, Failure> {
    let answer = match profile {
        Some(id) => api.get(&["legacy", "profiles", id], &[]).await?,
        None => api.get(&["legacy"], &[]).await?,
    };
    if json {
        print::json(&answer.body)
    } else {
        print::fields(&answer.body)
    }
    Ok(Outcome::Whole)
}
