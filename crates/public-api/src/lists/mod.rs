//! Lists: `limit` and `continuation` in, `items` and `continuation` out.
//!
//! A page starts after the place where the last one ended, so that writes in between neither repeat nor hide anything.

mod continuation;

pub use continuation::{CONTINUATION_KEY, Continuation, ContinuationKeyError, Unsealable};

use custom_handler::{Problem, Response};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;

/// Items on a page if the client does not say.
pub const DEFAULT_LIMIT: u32 = 25;
/// Most items on a page.
pub const MAX_LIMIT: u32 = 100;

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
    #[must_use]
    pub fn fetch(&self) -> NonZeroU32 {
        NonZeroU32::MIN.saturating_add(self.limit)
    }

    /// The answer, from up to [`Page::fetch`] items; `position` says what to continue after.
    ///
    /// # Errors
    /// 500 if the system has no randomness to give.
    pub fn answer<T: Serialize>(
        &self,
        key: &Continuation,
        items: Vec<T>,
        position: impl Fn(&T) -> String,
    ) -> Result<Response, Problem> {
        self.answer_as(key, items, position, |item| item)
    }

    /// As [`Page::answer`], of items that clients see in another form; `view` gives it.
    ///
    /// # Errors
    /// 500 if the system has no randomness to give.
    pub fn answer_as<T, V: Serialize>(
        &self,
        key: &Continuation,
        items: Vec<T>,
        position: impl Fn(&T) -> String,
        view: impl Fn(T) -> V,
    ) -> Result<Response, Problem> {
        let (items, continuation) = self.cut(key, items, position)?;
        let items = items.into_iter().map(view).collect();
        Ok(Response::ok(&Items { items, continuation }))
    }

    /// The items of this page, and the continuation if there are more.
    ///
    /// # Errors
    /// 500 if the system has no randomness to give.
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn key() -> Continuation {
        CONTINUATION_KEY.example.parse().unwrap()
    }

    fn query(limit: &str, continuation: Option<&str>) -> PageQuery {
        PageQuery { limit: Some(limit.into()), continuation: continuation.map(str::to_owned) }
    }

    fn body(response: &Response) -> Value {
        serde_json::from_slice(response.body()).unwrap()
    }

    #[test]
    fn a_list_is_read_page_by_page_to_its_end() {
        let key = key();
        let cakes = ["apple", "cherry", "plum"];
        let fetched = |page: &Page| -> Vec<&str> {
            let after = page.after.as_deref().unwrap_or_default();
            let rest = cakes.iter().copied().filter(|cake| *cake > after);
            rest.take(page.fetch().get() as usize).collect()
        };
        let first = Page::of(&key, "cakes", query("2", None)).unwrap();
        let view = |cake: &str| json!({ "name": cake });
        let answer = first.answer_as(&key, fetched(&first), |c| (*c).to_owned(), view).unwrap();
        let answer = body(&answer);
        assert_eq!(answer["items"], json!([{"name": "apple"}, {"name": "cherry"}]));
        let token = answer["continuation"].as_str().unwrap();
        let second = Page::of(&key, "cakes", query("2", Some(token))).unwrap();
        let answer = second.answer(&key, fetched(&second), |c| (*c).to_owned()).unwrap();
        assert_eq!(body(&answer), json!({"items": ["plum"], "continuation": null}));
    }

    #[test]
    fn what_cannot_be_a_page_is_refused_by_name() {
        let key = key();
        for limit in ["0", "101", "-1", "1.5", "many", ""] {
            let problem = Page::of(&key, "cakes", query(limit, None)).unwrap_err();
            assert_eq!(
                problem.to_string(),
                "400 invalid-parameter: limit: must be a whole number from 1 to 100"
            );
        }
        let token = key.seal("cakes", "apple").unwrap();
        let other = Page::of(&key, "pies", query("1", Some(&token))).unwrap_err().to_string();
        assert!(other.starts_with("400 invalid-parameter: continuation: "), "{other}");
    }
}
