use super::*;
use proptest::prelude::*;

const SHIFTS: &str = "22-10 southeastasia, 10-22 westeurope";

fn sun() -> Sun {
    SHIFTS.parse().unwrap()
}

fn region(name: &str) -> Region {
    name.parse().unwrap()
}

fn at(time: &str) -> Timestamp {
    format!("2027-03-01T{time}Z").parse().unwrap()
}

fn overridden(until: &str) -> Override {
    let (by, why) = ("operator".to_owned(), "a rehearsal".to_owned());
    Override { region: region("eastus2"), since: at("00:00:00"), until: at(until), by, why }
}

#[test]
fn the_hour_says_who_takes_what_is_new() {
    for (time, expected) in [
        ("00:00:00", "southeastasia"),
        ("09:59:59", "southeastasia"),
        ("10:00:00", "westeurope"),
        ("21:59:59", "westeurope"),
        ("22:00:00", "southeastasia"),
    ] {
        assert_eq!(sun().primary(None, at(time)).as_str(), expected, "{time}");
    }
}

#[test]
fn what_is_at_work_stays_where_it_is_for_five_minutes_around_a_border() {
    let (asia, europe) = (region("southeastasia"), region("westeurope"));
    for (time, of_asia, of_europe) in [
        ("09:54:59", &asia, &asia),
        ("09:55:00", &asia, &europe),
        ("10:00:00", &asia, &europe),
        ("10:04:59", &asia, &europe),
        ("10:05:00", &europe, &europe),
    ] {
        assert_eq!(sun().goes_on(None, at(time), &asia), of_asia, "{time}");
        assert_eq!(sun().goes_on(None, at(time), &europe), of_europe, "{time}");
    }
    let third = region("eastus2");
    assert_eq!(sun().goes_on(None, at("09:57:00"), &third), &asia, "it is not its border");
}

#[test]
fn an_override_holds_at_once_and_until_its_end() {
    let it = overridden("09:58:00");
    let (asia, there) = (region("southeastasia"), region("eastus2"));
    assert_eq!(sun().primary(Some(&it), at("09:57:00")), &there);
    assert_eq!(sun().goes_on(Some(&it), at("09:57:00"), &asia), &there);
    assert_eq!(sun().primary(Some(&it), at("09:58:00")), &asia);
    assert_eq!(sun().goes_on(Some(&it), at("09:58:00"), &there), &asia);
}

#[test]
fn the_next_border_is_known() {
    let border = |it: Option<&Override>, time: &str| {
        let border = sun().next(it, at(time)).unwrap();
        (border.at.to_string(), border.region.to_string())
    };
    let expected = |at: &str, region: &str| (at.to_owned(), region.to_owned());
    assert_eq!(border(None, "09:59:59"), expected("2027-03-01T10:00:00Z", "westeurope"));
    assert_eq!(border(None, "23:30:00"), expected("2027-03-02T10:00:00Z", "westeurope"));
    let it = overridden("12:30:00");
    assert_eq!(border(Some(&it), "02:00:00"), expected("2027-03-01T12:30:00Z", "westeurope"));
    assert_eq!(border(Some(&it), "12:30:00"), expected("2027-03-01T22:00:00Z", "southeastasia"));
    let always: Sun = "0-24 everywhere".parse().unwrap();
    assert_eq!(always.next(None, at("12:00:00")), None);
}

#[test]
fn a_schedule_that_leaves_hours_or_shares_them_is_refused_with_the_reason() {
    for (text, reason) in [
        ("", "\"\" is not hours and a region, such as \"22-10 southeastasia\""),
        ("0-24", "\"0-24\" is not hours and a region"),
        ("10-10 a", "\"10-10 a\" does not begin with two different hours"),
        ("0-25 a", "the whole day is 0-24"),
        ("24-3 a", "0 to 23 and 0 to 24"),
        ("x-3 a", "\"x-3 a\" does not begin with"),
        ("0-24 West Europe", "\"West Europe\" is no region: must be 1 to 30 small letters"),
        ("0-24 a,", "\"\" is not hours and a region"),
        ("22-10 a, 9-22 b", "hour 9 has both a and b"),
        ("22-10 a, 11-22 b", "hour 10 has no region"),
    ] {
        let error = text.parse::<Sun>().unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn a_schedule_is_shown_as_it_is_read() {
    for text in [SHIFTS, "0-24 a", "22-0 a, 0-22 b", "21-5 a, 5-13 b, 13-21 c"] {
        assert_eq!(text.parse::<Sun>().unwrap().to_string(), text);
    }
    assert_eq!(
        "5-13 b, 13-21 c, 21-5 a".parse::<Sun>().unwrap().to_string(),
        "21-5 a, 5-13 b, 13-21 c"
    );
}

proptest! {
    #[test]
    fn clocks_less_than_ten_minutes_apart_hand_nothing_to_and_fro(
        ahead_s in -299_i64..300,
        other_ahead_s in -299_i64..300,
        begins_s in 0_i64..86_400,
    ) {
        let (sun, names) = (sun(), [region("southeastasia"), region("westeurope")]);
        let midnight = at("00:00:00").as_second();
        let of = |true_s: i64, ahead_s: i64| Timestamp::from_second(midnight + true_s + ahead_s).unwrap();
        let mut holder = usize::from(sun.primary(None, of(begins_s, 0)) == &names[1]);
        let mut hand_overs = 0;
        // Each half minute whoever has it at work looks at a clock of its own; a day has two borders.
        for true_s in (begins_s..begins_s + 86_400).step_by(30) {
            let ahead = [ahead_s, other_ahead_s][holder];
            if sun.goes_on(None, of(true_s, ahead), &names[holder]) != &names[holder] {
                (holder, hand_overs) = (1 - holder, hand_overs + 1);
            }
        }
        prop_assert!(hand_overs <= 2, "{hand_overs} hand-overs");
    }

    #[test]
    fn whatever_is_shown_is_read_as_the_same(cuts in proptest::collection::btree_set(0_usize..24, 1..5)) {
        let cuts: Vec<usize> = cuts.into_iter().collect();
        let until = |nth: usize| cuts[(nth + 1) % cuts.len()];
        let shift = |(nth, from): (usize, &usize)| format!("{from}-{} r{nth}", until(nth));
        let text = match cuts.as_slice() {
            [_] => "0-24 r0".to_owned(),
            cuts => cuts.iter().enumerate().map(shift).collect::<Vec<_>>().join(", "),
        };
        let sun: Sun = text.parse().unwrap();
        prop_assert_eq!(sun.to_string().parse::<Sun>().unwrap(), sun);
    }
}
