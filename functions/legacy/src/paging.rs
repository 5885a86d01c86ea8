//! Lists: `limit` and `continuation` in, `items` and `continuation` out.
//!
//! A page starts after the place where the last one ended, so that writes in between neither repeat nor hide
//! anything.

use crate::app::App;
use crate::problems;
use custom_handler::{Problem, Response};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;

/// Items on a page if the client does not say.
const DEFAULT_LIMIT: u32 = 25;
/// Most items on a page.
const MAX_LIMIT: u32 = 100;

/// The query parameters of every list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    pub(crate) limit: Option<String>,
    pub(crate) continuation: Option<String>,
}

/// Which part of a list is asked for.
#[derive(Debug)]
pub(crate) struct Page {
    list: String,
    pub(crate) after: Option<String>,
    limit: u32,
}

#[derive(Serialize)]
struct Items<T> {
    items: Vec<T>,
    continuation: Option<String>,
}

impl Page {
    /// `list` names the list; a continuation of another one is refused.
    pub(crate) fn of(app: &App, list: &str, query: PageQuery) -> Result<Self, Problem> {
        let limit = query.limit.map_or(Ok(DEFAULT_LIMIT), |text| parse_limit(&text))?;
        let open = |token: String| {
            app.continuation
                .open(list, &token)
                .map_err(|error| problems::invalid_parameter("continuation", error))
        };
        let after = query.continuation.map(open).transpose()?;
        Ok(Self { list: list.to_owned(), after, limit })
    }

    /// How many items to fetch: one more than the page has, to know whether another page follows.
    pub(crate) fn fetch(&self) -> NonZeroU32 {
        NonZeroU32::MIN.saturating_add(self.limit)
    }

    /// The answer, from up to [`Page::fetch`] items; `position` says what to continue after.
    pub(crate) fn answer<T: Serialize>(
        &self,
        app: &App,
        items: Vec<T>,
        position: impl Fn(&T) -> String,
    ) -> Result<Response, Problem> {
        let (items, continuation) = self.cut(app, items, position)?;
        Ok(Response::ok(&Items { items, continuation }))
    }

    /// The items of this page, and the continuation if there are more.
    pub(crate) fn cut<T>(
        &self,
        app: &App,
        mut items: Vec<T>,
        position: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, Option<String>), Problem> {
        let limit = self.limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more);
        let sealed = last.map(|last| app.continuation.seal(&self.list, &position(last)));
        Ok((items, sealed.transpose().map_err(Problem::internal)?))
    }
}

fn parse_limit(text: &str) -> Result<u32, Problem> {
    let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| {
        problems::invalid_parameter(
            "limit",
            format!("must be a whole number from 1 to {MAX_LIMIT}"),
        )
    })
}
