//! Events of the lake, page by page.

use crate::app::App;
use crate::avro::LakeEvent;
use crate::domain::{Hour, Shelf};
use crate::problems;
use crate::store::FileOnShelf;
use custom_handler::Problem;
use jiff::civil::Date;
use public_api::lists::PageQuery;
use public_api::problems::unavailable;
use std::collections::BTreeMap;

/// Most digits of a sequence number, so that places are in the order of numbers.
const DIGITS: usize = 20;

/// Which part of the lake is asked for.
pub(crate) struct Wanted {
    pub(crate) from: Hour,
    pub(crate) to: Hour,
    pub(crate) page: PageQuery,
}

/// Reads the query of a list: `date`, `hour`, and those of pages.
pub(crate) fn wanted(mut given: BTreeMap<String, String>) -> Result<Wanted, Problem> {
    let page =
        PageQuery { limit: given.remove("limit"), continuation: given.remove("continuation") };
    let date = given.remove("date").ok_or("is required: a day such as 2026-11-30 (UTC)");
    let day = date.and_then(|text| {
        text.parse::<Date>().map_err(|_| "must be a day such as 2026-11-30 (UTC)")
    });
    let refused = |detail: &str| Problem::invalid_parameter("date", detail);
    let day = day.map_err(refused)?;
    let (first, last) = Hour::all_of(day).ok_or_else(|| refused("must not be before 1970"))?;
    let hour = given.remove("hour").map(|text| {
        let hour = text.parse::<u32>().ok().filter(|hour| *hour < 24 && text.len() <= 2);
        hour.ok_or_else(|| Problem::invalid_parameter("hour", "must be 0 to 23 (UTC)"))
    });
    if let Some(other) = given.keys().next() {
        return Err(Problem::invalid_parameter(other, "is not one that this list knows"));
    }
    let (from, to) = match hour.transpose()? {
        None => (first, last),
        Some(hour) => (last.before(23 - hour), last.before(23 - hour)),
    };
    Ok(Wanted { from, to, page })
}

/// The files of a type, with the shelves on which they lie, in the order of hours and partitions.
pub(crate) async fn files(
    app: &App,
    r#type: &str,
    wanted: &Wanted,
) -> Result<Vec<(Shelf, FileOnShelf)>, Problem> {
    let types = [r#type.to_owned()];
    let heads = app.shelves.heads_in_all(&types, wanted.from, wanted.to).await;
    let mut files: Vec<(Shelf, FileOnShelf)> = heads
        .map_err(unavailable)?
        .into_iter()
        .flat_map(|(shelf, files)| files.into_iter().map(move |file| (shelf.clone(), file)))
        .filter(|(_, file)| file.events > 0)
        .collect();
    files.sort_by_key(|(shelf, file)| place(shelf, file.first));
    Ok(files)
}

/// Up to `most` events that come after a place, each with its own.
pub(crate) async fn events(
    app: &App,
    files: &[(Shelf, FileOnShelf)],
    after: Option<&str>,
    most: usize,
) -> Result<Vec<(String, LakeEvent)>, Problem> {
    let mut found = Vec::new();
    for (at, (shelf, file)) in files.iter().enumerate() {
        // The next file of the shelf begins behind all that is in this one.
        let next = files.get(at + 1).filter(|(other, _)| other == shelf);
        let is_read = |after: &str| {
            next.map_or_else(
                || format!("{shelf}~").as_str() <= after,
                |(_, next)| place(shelf, next.first).as_str() <= after,
            )
        };
        if after.is_some_and(is_read) {
            continue;
        }
        let events = app.lake.read(shelf, file.first).await.map_err(problems::not_read)?;
        let placed = events.into_iter().map(|event| (place(shelf, event.sequence), event));
        found.extend(placed.filter(|(place, _)| after.is_none_or(|after| place.as_str() > after)));
        if found.len() >= most {
            found.truncate(most);
            break;
        }
    }
    Ok(found)
}

/// Where an event or a file stands in a list.
pub(crate) fn place(shelf: &Shelf, sequence: i64) -> String {
    format!("{shelf} {sequence:0DIGITS$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_day_is_all_its_hours_and_an_hour_is_one() {
        let day = wanted(given(&[("date", "2026-11-30")])).unwrap();
        assert_eq!(
            (day.from.to_string(), day.to.to_string()),
            ("2026-11-30T00".to_owned(), "2026-11-30T23".to_owned())
        );
        let hour = wanted(given(&[("date", "2026-11-30"), ("hour", "8")])).unwrap();
        assert_eq!((hour.from.to_string(), hour.to), ("2026-11-30T08".to_owned(), hour.from));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (pairs, name) in [
            (&[][..], "date"),
            (&[("date", "today")], "date"),
            (&[("date", "1950-01-01")], "date"),
            (&[("date", "2026-11-30"), ("hour", "24")], "hour"),
            (&[("date", "2026-11-30"), ("day", "1")], "day"),
        ] {
            let problem = wanted(given(pairs)).err().unwrap();
            assert!(format!("{problem:?}").contains(name), "{pairs:?}: {problem:?}");
        }
    }
}
