//! Lists: `limit` and `continuation` in, `items` and `continuation` out.
//!
//! A page starts after the place where the last one ended, so that writes in between neither repeat nor hide
//! anything.

use crate::Continuation;
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
pub struct PageQuery {
    /// How many items; checked by [`Page::of`].
    pub limit: Option<String>,
    /// What the page before said.
    pub continuation: Option<String>,
}

/// Which part of a list is asked for.
#[derive(Debug)]
pub struct Page {
    list: String,
    /// The position of the last item of the page before.
    pub after: Option<String>,
    limit: u32,
}

#[derive(Serialize)]
struct Items<T> {
    items: Vec<T>,
    continuation: Option<String>,
}

impl Page {
    /// `list` names the list; a continuation of another one is refused.
    ///
    /// # Errors
    /// 400 `invalid-parameter`, naming the parameter.
    pub fn of(key: &Continuation, list: &str, query: PageQuery) -> Result<Self, Problem> {
        let limit = query.limit.map_or(Ok(DEFAULT_LIMIT), |text| parse_limit(&text))?;
        let open = |token: String| {
            key.open(list, &token)
                .map_err(|error| Problem::invalid_parameter("continuation", error))
        };
        let after = query.continuation.map(open).transpose()?;
        Ok(Self { list: list.to_owned(), after, limit })
    }

    /// How many items to fetch: one more than the page has, to know whether another page follows.
    pub fn fetch(&self) -> NonZeroU32 {
        NonZeroU32::MIN.saturating_add(self.limit)
    }

    /// The answer, from up to [`Page::fetch`] items; `position` says what to continue after.
    pub fn answer<T: Serialize>(
        &self,
        key: &Continuation,
        items: Vec<T>,
        position: impl Fn(&T) -> String,
    ) -> Result<Response, Problem> {
        let (items, continuation) = self.cut(key, items, position)?;
        Ok(Response::ok(&Items { items, continuation }))
    }

    /// The items of this page, and the continuation if there are more.
    pub fn cut<T>(
        &self,
        key: &Continuation,
        mut items: Vec<T>,
        position: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, Option<String>), Problem> {
        let limit = self.limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more);
        let sealed = last.map(|last| key.seal(&self.list, &position(last)));
        Ok((items, sealed.transpose().map_err(Problem::internal)?))
    }
}

fn parse_limit(text: &str) -> Result<u32, Problem> {
    let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| {
        Problem::invalid_parameter("limit", format!("must be a whole number from 1 to {MAX_LIMIT}"))
    })
}
