use super::super::Form;
use super::*;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

fn body() -> Value {
    json!({
        "account": {"emailAddress": "kim@example.com", "userName": "kim"},
        "givenName": "Kim", "familyName": "Larsen", "age": 41,
        "address": {"street": "Havnegade 1", "city": "København", "postalCode": "1058", "country": "DK"},
    })
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn profile() -> Profile {
    let draft = Draft::parse(&body()).unwrap();
    Profile::register(Uuid::from_u128(1).into(), Uuid::from_u128(2).into(), draft, at(0))
}

fn replaced_with(json: &Value, shown: &Value, form: Form) -> Result<Profile, Violations> {
    profile().replaced_with(&Body { json, shown, form }, at(9))
}

fn pointers(violations: Violations) -> Vec<String> {
    violations.into_iter().map(|violation| violation.pointer).collect()
}

#[test]
fn every_wrong_field_is_named() {
    let body = json!({"account": {"emailAddress": "kim", "userName": "k"}, "familyName": "", "age": 151,
        "address": {"street": "s", "city": "c", "country": "XX"}, "nickname": "K"});
    assert_eq!(
        pointers(Draft::parse(&body).unwrap_err()),
        [
            "/account/emailAddress",
            "/account/userName",
            "/givenName",
            "/familyName",
            "/age",
            "/address/country",
            "/nickname"
        ]
    );
}

#[test]
fn ages_end_at_150() {
    assert_eq!(parse_age(0), Ok(0));
    assert_eq!(parse_age(150), Ok(150));
    assert!(parse_age(151).is_err());
    assert!(parse_age(-1).is_err());
}

#[test]
fn a_change_counts_one_revision_and_an_empty_change_none() {
    let mut edited = body();
    edited["age"] = json!(42);
    let changed = replaced_with(&edited, &Value::Null, Form::Whole).unwrap();
    assert_eq!((changed.revision.get(), changed.updated_at), (2, at(9)));
    let unchanged = replaced_with(&body(), &Value::Null, Form::Whole).unwrap();
    assert_eq!(unchanged, profile());
}

#[test]
fn what_the_service_keeps_cannot_be_edited_or_removed() {
    let mut shown = body();
    for name in KEPT {
        shown[name] = json!(null);
    }
    shown["revision"] = json!(1);
    shown["account"]["id"] = json!("0198");
    assert!(replaced_with(&shown, &shown, Form::Merged).is_ok());
    let mut edited = shown.clone();
    edited["revision"] = json!(7);
    edited["account"]["id"] = json!("x");
    edited.as_object_mut().unwrap().remove("photos");
    let whole = replaced_with(&edited, &shown, Form::Whole).unwrap_err();
    assert_eq!(pointers(whole), ["/revision", "/account/id"]);
    let merged = replaced_with(&edited, &shown, Form::Merged).unwrap_err();
    assert_eq!(pointers(merged), ["/photos", "/revision", "/account/id"]);
}

#[test]
fn the_last_subscription_that_fits_fits() {
    let mut profile = profile();
    for n in 0..MAX_SUBSCRIPTIONS {
        profile = profile.subscribed_to(&format!("service-{n}").parse().unwrap(), at(1)).unwrap();
    }
    let known = "service-0".parse().unwrap();
    assert_eq!(profile.subscribed_to(&known, at(2)), Ok(profile.clone()), "already there");
    let one_more = "one-more".parse().unwrap();
    assert_eq!(profile.subscribed_to(&one_more, at(2)), Err(TooManySubscriptions));
}

proptest! {
    #[test]
    fn subscribing_and_leaving_again_leaves_only_revisions_behind(names in prop::collection::vec("[a-z]{1,8}", 1..20)) {
        let mut edited = profile();
        for name in &names {
            edited = edited.subscribed_to(&name.parse().unwrap(), at(1)).unwrap();
        }
        let mut distinct = names.clone();
        distinct.sort();
        distinct.dedup();
        prop_assert_eq!(edited.subscriptions.len(), distinct.len());
        for name in &names {
            edited = edited.unsubscribed_from(&name.parse().unwrap(), at(2));
        }
        prop_assert!(edited.subscriptions.is_empty());
        prop_assert_eq!(edited.revision.get(), 1 + 2 * distinct.len() as u64);
    }

    #[test]
    fn no_body_makes_the_reader_fail_otherwise_than_by_naming_fields(text in "\\PC{0,40}", number in any::<i64>()) {
        for value in [json!(text), json!(number), json!(null), json!([text]), json!({"x": number})] {
            for name in ["account", "givenName", "familyName", "age", "address"] {
                let mut body = body();
                body[name] = value.clone();
                if let Err(violations) = Draft::parse(&body) {
                    prop_assert!(violations.len() > 0);
                    let under = format!("/{name}");
                    prop_assert!(violations.iter().all(|v| v.pointer.starts_with(&under)));
                }
            }
        }
    }
}
