use super::*;
use pretty_assertions::assert_eq;
use std::path::Path;

const A: Setting = Setting::new("A", "what a is for", "y");
const N: Setting = Setting::new("N", "how many", "7");
const M: Setting = Setting::new("M", "how many more", "8");
const EMPTY: Setting = Setting::new("EMPTY", "nothing", "e");

#[test]
fn settings_are_read_by_kind() {
    let settings = Settings::from_map([("A", "x"), ("N", "7"), ("EMPTY", "")]);
    assert_eq!(settings.text(&A), Ok("x".to_owned()));
    assert_eq!(
        (settings.optional_text(&A), settings.optional_text(&EMPTY)),
        (Some("x".to_owned()), None)
    );
    assert_eq!((settings.platform("A"), settings.platform("EMPTY")), (Some("x".to_owned()), None));
    assert_eq!(settings.value::<u8>(&N), Ok(7));
    assert_eq!((settings.value_or(&N, 1_u8), settings.value_or(&M, 1_u8)), (Ok(7), Ok(1)));
    assert_eq!(settings.optional_value::<u8>(&N), Ok(Some(7)));
    assert_eq!(settings.optional_value::<u8>(&M), Ok(None));
    assert_eq!(settings.check(), Ok(()));
}

#[test]
fn files_are_in_the_package_or_where_the_local_host_says() {
    let fonts = |pairs: &[(&str, &str)]| Settings::from_map(pairs.iter().copied()).files("fonts");
    let package = ("FUNCTIONS_APP_ROOT_PATH", "/home/site/wwwroot");
    assert_eq!(fonts(&[]), Path::new("fonts"), "beside a handler that runs where it is");
    assert_eq!(fonts(&[package]), Path::new("/home/site/wwwroot/fonts"));
    assert_eq!(fonts(&[package, ("FILES__fonts", "/work/fonts")]), Path::new("/work/fonts"));
}

#[test]
fn one_error_names_every_missing_and_malformed_setting_and_no_value() {
    let settings = Settings::from_map([("N", "secret"), ("EMPTY", "")]);
    assert!(settings.text(&A).is_err());
    assert!(settings.text(&EMPTY).is_err());
    assert!(settings.value::<u8>(&N).is_err());
    assert!(settings.value_or(&N, 3_u8).is_err());
    assert!(settings.optional_value::<u8>(&N).is_err());
    let malformed = "N is malformed: invalid digit found in string; set it to something like N=7";
    assert_eq!(
        settings.check().unwrap_err().to_string(),
        format!(
            "reading the application settings:\n  \
             A is missing; set it to something like A=y\n  \
             EMPTY is missing; set it to something like EMPTY=e\n  \
             {malformed}\n  {malformed}\n  {malformed}"
        )
    );
}

#[test]
fn settings_that_describe_answer_with_examples_and_note_what_was_read() {
    let settings = Settings::describing();
    assert_eq!(settings.text(&A), Ok("y".to_owned()));
    assert_eq!(settings.optional_text(&EMPTY), Some("e".to_owned()));
    assert_eq!(settings.value_or(&N, 3_u8), Ok(7));
    assert_eq!(settings.optional_value::<u8>(&M), Ok(Some(8)));
    assert_eq!(settings.platform("REGION_NAME"), None);
    assert_eq!(settings.check(), Ok(()));
    let described: Vec<_> = settings
        .described()
        .into_iter()
        .map(|setting| (setting.name, setting.required, setting.default))
        .collect();
    assert_eq!(
        described,
        [
            ("A".to_owned(), true, None),
            ("EMPTY".to_owned(), false, None),
            ("N".to_owned(), false, Some("3".to_owned())),
            ("M".to_owned(), false, None),
        ]
    );
}

#[test]
fn a_setting_read_twice_is_described_once_and_required_if_one_reader_needs_it() {
    let settings = Settings::describing();
    settings.optional_text(&A);
    settings.text(&A).unwrap();
    assert_eq!(settings.described().len(), 1);
    assert!(settings.described()[0].required);
}

#[test]
fn an_example_that_does_not_parse_is_named() {
    let settings = Settings::describing();
    assert!(settings.value::<u8>(&A).is_err());
    assert_eq!(
        settings.check().unwrap_err().to_string(),
        "describing the application settings:\n  \
         A has an example that is malformed: invalid digit found in string; write one in place of \"y\" that the \
         code can read"
    );
}
