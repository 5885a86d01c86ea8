//! What consumers gave up, of all of them together.

use crate::app::App;
use crate::catalogue::KnownApp;
use crate::lists::Lists;
use jiff::{SignedDuration, Timestamp};
use messages::{OpenLetter, OpenLetters};
use serde::Serialize;
use values::moment;

/// An app says it every five minutes; after three times that it is away.
const AWAY_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// All of it.
#[derive(Debug)]
pub(crate) struct GivenUp {
    pub(crate) apps: Vec<Told>,
    /// The latest first.
    pub(crate) items: Vec<Item>,
}

/// What is known of an app.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Told {
    pub(crate) app: String,
    pub(crate) team: String,
    /// When it said so.
    #[serde(with = "moment::optional")]
    pub(crate) told_at: Option<Timestamp>,
    /// How many letters are open; nothing if it is not known.
    pub(crate) open: Option<usize>,
    pub(crate) or_more: bool,
    /// Why there may be others.
    pub(crate) away: Option<String>,
    /// The page of the app's dead letters.
    pub(crate) page: String,
}

/// Something that an app gave up.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    pub(crate) app: String,
    pub(crate) function: String,
    pub(crate) hub: Option<String>,
    pub(crate) partition: Option<u32>,
    pub(crate) sequence: Option<i64>,
    pub(crate) reason: String,
    pub(crate) attempts: u32,
    #[serde(with = "moment")]
    pub(crate) first_at: Timestamp,
    #[serde(with = "moment")]
    pub(crate) last_at: Timestamp,
    pub(crate) id: String,
    /// The page of the letter.
    pub(crate) letter: String,
}

/// Everything that is known. An app that cannot be asked is named, and keeps nobody from the others.
pub(crate) async fn all(app: &App) -> GivenUp {
    let known = Lists::names().filter_map(|name| app.catalogue.app(name));
    let asked = known.map(|known| async move { (known, app.lists.of(&known.name).await) });
    let (mut apps, mut items) = (Vec::new(), Vec::new());
    for (known, answer) in futures::future::join_all(asked).await {
        let page = app.page_of(known);
        let letters = answer.as_ref().map(|list| list.latest.as_slice()).unwrap_or_default();
        items.extend(letters.iter().map(|letter| item(app, known, &page, letter)));
        apps.push(told(known, page, answer, app.clock.now()));
    }
    items.sort_by_key(|item| std::cmp::Reverse(item.last_at));
    GivenUp { apps, items }
}

fn told(
    known: &KnownApp,
    page: String,
    answer: Result<OpenLetters, String>,
    now: Timestamp,
) -> Told {
    let (told_at, open, or_more, away) = match answer {
        Ok(list) => {
            let is_away = now.duration_since(list.at) > AWAY_AFTER;
            let away = is_away.then(|| "it has not said since".to_owned());
            (Some(list.at), Some(list.open), list.or_more, away)
        }
        Err(why) => (None, None, false, Some(why)),
    };
    let (app, team) = (known.name.clone(), known.team.clone());
    Told { app, team, told_at, open, or_more, away, page }
}

fn item(app: &App, known: &KnownApp, page: &str, letter: &OpenLetter) -> Item {
    Item {
        app: known.name.clone(),
        function: letter.function.clone(),
        hub: app.catalogue.hub_of(&known.name, &letter.function).map(str::to_owned),
        partition: letter.partition,
        sequence: letter.sequence,
        reason: letter.reason.clone(),
        attempts: letter.attempts,
        first_at: letter.first_at,
        last_at: letter.last_at,
        id: letter.id.clone(),
        letter: format!("{page}/{}", letter.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn said(answer: Result<OpenLetters, String>, minute: i64) -> (Option<usize>, Option<String>) {
        let known = r#"{ "name": "contacts", "team": "customer", "deadLetters": "/contacts/dead-letters" }"#;
        let known: KnownApp = serde_json::from_str(known).unwrap();
        let now = Timestamp::from_second(minute * 60).unwrap();
        let told = told(&known, String::new(), answer, now);
        (told.open, told.away)
    }

    #[test]
    fn an_app_that_has_not_said_for_long_is_away_and_one_that_never_did_has_no_number() {
        let list = || {
            Ok(OpenLetters {
                at: Timestamp::UNIX_EPOCH,
                open: 2,
                or_more: false,
                latest: Vec::new(),
            })
        };
        assert_eq!(said(list(), 15), (Some(2), None));
        assert_eq!(said(list(), 16), (Some(2), Some("it has not said since".to_owned())));
        let never = Err("it has never said".to_owned());
        assert_eq!(said(never, 0), (None, Some("it has never said".to_owned())));
    }
}
