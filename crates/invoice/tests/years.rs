//! Numbers, series and rates at the borders of years and days.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use invoice::{Country, NotANumber, Number, Series, VatId, vat::Table};
use jiff::{
    Timestamp,
    civil::date,
    tz::{Dst, Offset, TimeZone},
};
use pretty_assertions::assert_eq;

fn at(instant: &str, zone: &TimeZone) -> String {
    Series::at("IOEU", instant.parse::<Timestamp>().unwrap(), zone).unwrap().to_string()
}

/// Time zones as POSIX rules, which need no data of the host.
fn zone(rules: &str) -> TimeZone {
    TimeZone::posix(rules).unwrap()
}

#[test]
fn the_year_is_that_of_the_seller() {
    let berlin = zone("CET-1CEST,M3.5.0,M10.5.0/3");
    assert_eq!(at("2026-12-31T22:59:59.999Z", &berlin), "IOEU-2026");
    assert_eq!(at("2026-12-31T23:00:00Z", &berlin), "IOEU-2027");
    let auckland = zone("NZST-12NZDT,M9.5.0,M4.1.0/3");
    assert_eq!(at("2026-12-31T10:59:59Z", &auckland), "IOEU-2026", "summer: thirteen hours ahead");
    assert_eq!(at("2026-12-31T11:00:00Z", &auckland), "IOEU-2027");
    let samoa = TimeZone::fixed(Offset::constant(-11));
    assert_eq!(at("2027-01-01T10:59:59Z", &samoa), "IOEU-2026");
    assert_eq!(at("2027-01-01T11:00:00Z", &samoa), "IOEU-2027");
}

#[test]
fn the_hour_that_comes_twice_and_the_one_that_never_comes_change_no_year() {
    // A zone whose clocks go back at midnight of New Year: the last hour of the year comes twice.
    let back = zone("AAA0BBB,J100,J365/24");
    let is_summer = |instant: &str| back.to_offset_info(instant.parse().unwrap()).dst();
    assert_eq!(is_summer("2026-12-31T22:30:00Z"), Dst::Yes);
    assert_eq!(is_summer("2026-12-31T23:30:00Z"), Dst::No);
    assert_eq!(at("2026-12-31T22:30:00Z", &back), "IOEU-2026");
    assert_eq!(at("2026-12-31T23:30:00Z", &back), "IOEU-2026", "the same hour again");
    assert_eq!(at("2027-01-01T00:00:00Z", &back), "IOEU-2027");
    // And one whose clocks go forward there: the first hour of the year never comes.
    let forward = zone("AAA0BBB,J1/0,J200");
    assert_eq!(at("2026-12-31T23:59:59Z", &forward), "IOEU-2026");
    assert_eq!(at("2027-01-01T00:00:00Z", &forward), "IOEU-2027");
}

#[test]
fn numbers_have_one_spelling_and_sort_as_they_were_given() {
    for written in
        ["IOEU-2026-000001", "IOEU-2026-999999", "IOEU-2026-1000000", "AB-2000-999999999"]
    {
        assert_eq!(written.parse::<Number>().unwrap().to_string(), written);
    }
    for wrong in [
        "IOEU-2026-000000",
        "IOEU-2026-00001",
        "IOEU-2026-0000001",
        "IOEU-2026-1000000000",
        "IOEU-2026-+00001",
        "IOEU-26-000001",
        "ioeu-2026-000001",
        "I-2026-000001",
        "IOEUIOEUI-2026-000001",
        "IOEU-1999-000001",
        "IOEU-2026",
        "",
        "IÖ-2026-000001",
    ] {
        assert_eq!(wrong.parse::<Number>(), Err(NotANumber), "{wrong}");
    }
    let mut numbers =
        ["IOEU-2027-000001", "IOEU-2026-1000000", "IOCH-2027-000002", "IOEU-2026-999999"]
            .map(|number| number.parse::<Number>().unwrap());
    numbers.sort();
    let sorted = numbers.map(|number| number.to_string());
    assert_eq!(
        sorted,
        ["IOCH-2027-000002", "IOEU-2026-999999", "IOEU-2026-1000000", "IOEU-2027-000001"]
    );
    let last: Number = "IOEU-2026-999999999".parse().unwrap();
    assert_eq!(last.next(), None);
}

#[test]
fn a_rate_is_that_of_the_day() {
    let table = Table::shipped();
    let rate = |country: &str, on| {
        table.rate(country.parse().unwrap(), on).map(|(_, rate)| rate.to_string()).ok()
    };
    assert_eq!(rate("DE", date(2020, 6, 30)).as_deref(), Some("19"));
    assert_eq!(rate("DE", date(2020, 7, 1)).as_deref(), Some("16"));
    assert_eq!(rate("DE", date(2020, 12, 31)).as_deref(), Some("16"));
    assert_eq!(rate("DE", date(2021, 1, 1)).as_deref(), Some("19"));
    assert_eq!(rate("CH", date(2023, 12, 31)).as_deref(), Some("7.7"));
    assert_eq!(rate("CH", date(2024, 1, 1)).as_deref(), Some("8.1"));
    assert_eq!(rate("SK", date(2024, 12, 31)).as_deref(), Some("20"));
    assert_eq!(rate("SK", date(2025, 1, 1)).as_deref(), Some("23"));
    assert_eq!(rate("CH", date(2017, 12, 31)), None, "before the first row");
    assert_eq!(rate("US", date(2026, 1, 1)), None);
}

#[test]
fn every_member_state_has_a_rate_and_its_own_form_of_vat_id() {
    let table = Table::shipped();
    let ids = [
        "ATU12345678",
        "BE0123456789",
        "BG123456789",
        "CY12345678X",
        "CZ12345678",
        "DE123456789",
        "DK12345678",
        "EE123456789",
        "EL123456789",
        "ESX1234567X",
        "FI12345678",
        "FRXX123456789",
        "HR12345678901",
        "HU12345678",
        "IE1234567WA",
        "IT12345678901",
        "LT123456789012",
        "LU12345678",
        "LV12345678901",
        "MT12345678",
        "NL123456789B01",
        "PL1234567890",
        "PT123456789",
        "RO12",
        "SE123456789012",
        "SI12345678",
        "SK1234567890",
    ];
    assert_eq!(ids.len(), 27);
    for written in ids {
        let id: VatId = written.parse().unwrap_or_else(|_| panic!("{written}"));
        assert!(id.country().is_in_the_european_union(), "{written}");
        assert!(table.rate(id.country(), date(2020, 1, 1)).is_ok(), "{written}");
        let longer = format!("{written}99999");
        assert!(longer.parse::<VatId>().is_err() || written == "RO12", "{longer}");
        assert!(written[..3].parse::<VatId>().is_err(), "{written}");
    }
    assert!("XX123".parse::<VatId>().is_err());
    assert!("GR123456789".parse::<VatId>().is_err(), "Greece's ids begin with EL");
    assert_eq!("CHE-123.456.789 MWST".parse::<VatId>().unwrap().as_str(), "CHE123456789MWST");
}

#[test]
fn a_service_is_taxed_where_the_law_says() {
    let table = Table::shipped();
    let on = date(2026, 12, 1);
    let treat = |seller: &str, buyer: &str, id: Option<&str>| {
        let id = id.map(|id| id.parse::<VatId>().unwrap());
        let [seller, buyer] = [seller, buyer].map(|code| code.parse::<Country>().unwrap());
        match table.treatment(seller, buyer, id.as_ref(), on) {
            Ok(treatment) => format!("{} {}", treatment.category.code(), treatment.rate),
            Err(error) => error.to_string(),
        }
    };
    assert_eq!(treat("DE", "DE", None), "S 19");
    assert_eq!(treat("DE", "DE", Some("DE123456789")), "S 19");
    assert_eq!(treat("DE", "AT", Some("ATU12345678")), "AE 0");
    assert_eq!(treat("DE", "GR", Some("EL123456789")), "AE 0");
    assert_eq!(treat("DE", "FI", None), "S 25.5");
    assert_eq!(treat("DE", "CH", Some("CHE123456789")), "O 0");
    assert_eq!(treat("DE", "US", None), "O 0");
    assert_eq!(treat("CH", "CH", None), "S 8.1");
    assert_eq!(treat("CH", "DE", Some("DE123456789")), "O 0");
    assert_eq!(treat("CH", "DE", None), "S 19");
    assert_eq!(treat("CH", "NO", None), "O 0");
    assert_eq!(
        treat("DE", "AT", Some("DE123456789")),
        "the buyer in AT has a VAT id of DE: give one of the buyer's country, or none"
    );
    assert_eq!(
        treat("US", "US", None),
        "the table of VAT rates has none for US on 2026-12-01: add a row"
    );
}

#[test]
fn a_table_that_is_wrong_says_in_which_line() {
    let told = |text: &str| Table::parse(text).unwrap_err().to_string();
    for wrong in [
        "DE 2021-01-01 19",
        "DE 2021-13-01 19 S",
        "de 2021-01-01 19 S",
        "DE 2021-01-01 0 S",
        "DE 2021-01-01 19 Z",
        "DE 2021-01-01 -1 S",
    ] {
        assert!(told(&format!("# rates\n{wrong}")).starts_with("line 2 of the table"), "{wrong}");
    }
    assert!(told("DE 2021-01-01 19 S\n\nDE 2021-01-01 7 S").starts_with("line 3"));
    let zero = Table::parse("DE 2021-01-01 0 Z").unwrap();
    let rate = zero.rate("DE".parse().unwrap(), date(2021, 1, 1)).unwrap();
    assert_eq!(rate.0.code(), "Z");
}
