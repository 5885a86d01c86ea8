//! How large a value may be.

use serde_json::{Map, Value};

use crate::schema::{Place, Problem};

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct End {
    value: f64,
    /// Without the value itself.
    is_open: bool,
}

/// The limits of a value, where it has some.
#[derive(Debug, Clone, Default)]
pub(crate) struct Limits {
    pub(crate) least: Option<End>,
    pub(crate) most: Option<End>,
    pub(crate) step: Option<f64>,
    pub(crate) length: Counts,
    pub(crate) items: Counts,
}

/// How many letters or items there may be.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) least: Option<f64>,
    pub(crate) most: Option<f64>,
}

/// The largest whole number that every reader of JSON keeps: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Limits {
    pub(crate) fn read(schema: &Map<String, Value>, at: &Place) -> Result<Self, Problem> {
        let end = |closed: &str, open: &str, pick: fn(f64, f64) -> f64| {
            let (closed, open) = (number(schema, closed, at)?, number(schema, open, at)?);
            Ok(match (closed, open) {
                (Some(closed), Some(open)) if pick(closed, open) != open || closed == open => {
                    Some(End { value: pick(closed, open), is_open: closed == open })
                }
                (_, Some(value)) => Some(End { value, is_open: true }),
                (Some(value), None) => Some(End { value, is_open: false }),
                (None, None) => None,
            })
        };
        let step = number(schema, "multipleOf", at)?;
        if step.is_some_and(|step| step <= 0.0) {
            return Err(Problem::new(&at.at("multipleOf"), "it must be more than 0"));
        }
        Ok(Self {
            least: end("minimum", "exclusiveMinimum", f64::max)?,
            most: end("maximum", "exclusiveMaximum", f64::min)?,
            step,
            length: Counts::read(schema, ["minLength", "maxLength"], at)?,
            items: Counts::read(schema, ["minItems", "maxItems"], at)?,
        })
    }

    /// For whole numbers there is no difference between more than 0 and at least 1.
    pub(crate) fn of_whole_numbers(mut self) -> Self {
        if let Some(end) = &mut self.least {
            let next = if end.is_open { end.value.floor() + 1.0 } else { end.value.ceil() };
            *end = End { value: next, is_open: false };
        }
        if let Some(end) = &mut self.most {
            let next = if end.is_open { end.value.ceil() - 1.0 } else { end.value.floor() };
            *end = End { value: next, is_open: false };
        }
        self
    }

    /// What a reader does not take of a writer's numbers: the reader's limit, and the writer's.
    pub(crate) fn unread_numbers(&self, writer: &Self) -> Vec<(String, String)> {
        let mut unread = Vec::new();
        if let Some(least) = self.least {
            let covers = |end: End| {
                end.value > least.value
                    || (end.value == least.value && (end.is_open || !least.is_open))
            };
            if !writer.least.is_some_and(covers) {
                unread.push((least.words(">"), words(writer.least, ">")));
            }
        }
        if let Some(most) = self.most {
            let covers = |end: End| {
                end.value < most.value
                    || (end.value == most.value && (end.is_open || !most.is_open))
            };
            if !writer.most.is_some_and(covers) {
                unread.push((most.words("<"), words(writer.most, "<")));
            }
        }
        if let Some(step) = self.step
            && !writer.step.is_some_and(|theirs| is_multiple(theirs, step))
        {
            let theirs =
                writer.step.map_or("any step".to_owned(), |step| format!("steps of {step}"));
            unread.push((format!("steps of {step}"), theirs));
        }
        unread
    }

    /// Whether a number is within.
    pub(crate) fn take_number(&self, number: f64) -> bool {
        let above = |end: End| number > end.value || (number == end.value && !end.is_open);
        let below = |end: End| number < end.value || (number == end.value && !end.is_open);
        self.least.is_none_or(above)
            && self.most.is_none_or(below)
            && self.step.is_none_or(|step| is_multiple(number, step))
    }
}

impl Counts {
    fn read(
        schema: &Map<String, Value>,
        [least, most]: [&str; 2],
        at: &Place,
    ) -> Result<Self, Problem> {
        for key in [least, most] {
            if number(schema, key, at)?.is_some_and(|count| count < 0.0 || count.fract() != 0.0) {
                return Err(Problem::new(&at.at(key), "it is a whole number, at least 0"));
            }
        }
        let least = number(schema, least, at)?.filter(|least| *least > 0.0);
        Ok(Self { least, most: number(schema, most, at)? })
    }

    /// What a reader does not take of a writer's counts.
    pub(crate) fn unread(&self, writer: &Self, of: &str) -> Vec<(String, String)> {
        let mut unread = Vec::new();
        let any = || format!("any number of {of}");
        if let Some(least) = self.least
            && !writer.least.is_some_and(|theirs| theirs >= least)
        {
            let theirs = writer.least.map_or_else(any, |least| format!("at least {least} {of}"));
            unread.push((format!("at least {least} {of}"), theirs));
        }
        if let Some(most) = self.most
            && !writer.most.is_some_and(|theirs| theirs <= most)
        {
            let theirs = writer.most.map_or_else(any, |most| format!("at most {most} {of}"));
            unread.push((format!("at most {most} {of}"), theirs));
        }
        unread
    }

    #[expect(clippy::cast_precision_loss, reason = "no event has 2^53 letters")]
    pub(crate) fn take(&self, count: usize) -> bool {
        let count = count as f64;
        self.least.is_none_or(|least| count >= least) && self.most.is_none_or(|most| count <= most)
    }
}

impl End {
    fn words(self, sign: &str) -> String {
        format!("{sign}{} {}", if self.is_open { "" } else { "=" }, self.value)
    }
}

fn words(end: Option<End>, sign: &str) -> String {
    end.map_or("no limit".to_owned(), |end| end.words(sign))
}

fn is_multiple(number: f64, step: f64) -> bool {
    const TOLERANCE: f64 = 1e-9;
    let steps = number / step;
    (steps - steps.round()).abs() < TOLERANCE
}

fn number(schema: &Map<String, Value>, key: &str, at: &Place) -> Result<Option<f64>, Problem> {
    let Some(value) = schema.get(key) else { return Ok(None) };
    match value.as_f64() {
        Some(number) if number.abs() <= EXACT => Ok(Some(number)),
        Some(_) => Err(Problem::new(
            &at.at(key),
            "larger than 2^53, from where readers of JSON lose digits; send such numbers as texts",
        )),
        None => Err(Problem::new(&at.at(key), "it is a number")),
    }
}
