//! Route templates: what they accept, what they take out of a path and which of two wins.

use function_json::{RouteTemplate, Segment};
use pretty_assertions::assert_eq;
use proptest::prelude::*;

fn template(text: &str) -> RouteTemplate {
    RouteTemplate::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

/// `name=value` pairs, or `None` when the path does not match.
fn found(text: &str, path: &str) -> Option<Vec<String>> {
    template(text)
        .matches(path)
        .map(|found| found.iter().map(|(name, value)| format!("{name}={value}")).collect())
}

fn values(pairs: &[&str]) -> Option<Vec<String>> {
    Some(pairs.iter().map(|pair| (*pair).to_owned()).collect())
}

#[test]
fn literals_match_in_any_case_and_a_trailing_slash_does_not_matter() {
    for path in ["/v1/Profiles", "v1/profiles", "/V1/PROFILES/", "/v1/profile%73"] {
        assert_eq!(found("v1/profiles", path), values(&[]), "{path}");
    }
    for path in ["/", "/v1", "/v1/profiles/7", "/v1//profiles", "/v1/profiles//", "/v2/profiles"] {
        assert_eq!(found("v1/profiles", path), None, "{path}");
    }
    assert_eq!(found("straße", "/STRASSE"), None);
    assert_eq!(found("größe", "/GR%C3%96SSE"), None);
    assert_eq!(found("zürich", "/Z%C3%9CRICH"), values(&[]));
    assert_eq!(found("", "/"), values(&[]));
    assert_eq!(found("", "/x"), None);
}

#[test]
fn a_parameter_takes_one_decoded_segment() {
    assert_eq!(found("v1/profiles/{id}", "/v1/profiles/7"), values(&["id=7"]));
    assert_eq!(found("a/{id}/b", "/a/x%20y/b"), values(&["id=x y"]));
    assert_eq!(found("a/{id}/b", "/a/x%2Fy/b"), values(&["id=x/y"]));
    assert_eq!(found("a/{id}", "/a/100%25"), values(&["id=100%"]));
    assert_eq!(found("a/{id}", "/a/%ff"), values(&["id=%ff"]));
    assert_eq!(found("a/{id}", "/a"), None);
    assert_eq!(found("a/{id}", "/a/"), None);
    assert_eq!(found("a/{id}/b", "/a//b"), None);
}

#[test]
fn values_are_found_by_name_in_any_case() {
    let found = template("{profileId}").matches("/7").unwrap();
    assert_eq!((found.get("PROFILEID"), found.get("id")), (Some("7"), None));
    assert!(!found.is_empty());
}

#[test]
fn an_optional_parameter_may_be_left_out_and_a_default_fills_in() {
    assert_eq!(found("a/{id?}", "/a"), values(&[]));
    assert_eq!(found("a/{id?}", "/a/7"), values(&["id=7"]));
    assert_eq!(found("a/{id:int?}", "/a/x"), None);
    assert_eq!(found("a/{id=me}", "/a"), values(&["id=me"]));
    assert_eq!(found("a/{id=me}", "/a/7"), values(&["id=7"]));
    assert_eq!(found("a/{x?}/{y?}", "/a/1"), values(&["x=1"]));
}

#[test]
fn a_catch_all_takes_the_rest_even_when_it_is_empty() {
    assert_eq!(found("v1/{*path}", "/v1"), values(&[]));
    assert_eq!(found("v1/{*path}", "/v1/a/b%20c/d"), values(&["path=a/b c/d"]));
    assert_eq!(found("{**path}", "/a/b"), values(&["path=a/b"]));
    assert_eq!(found("{*path=home}", "/"), values(&["path=home"]));
    assert_eq!(found("{*path:int}", "/a"), None);
    assert_eq!(found("v1/{*path}", "/v2/a"), None);
}

#[test]
fn text_and_parameters_may_share_a_segment() {
    assert_eq!(found("{name}.{extension}", "/a.b.c"), values(&["name=a.b", "extension=c"]));
    assert_eq!(found("photo-{id:int}.jpg", "/PHOTO-7.JPG"), values(&["id=7"]));
    assert_eq!(found("{a}-{b}", "/x"), None);
    assert_eq!(found("{a}-{b}", "/-x"), None);
    assert_eq!(found("{a}-{b}", "/x-"), None);
    assert_eq!(found("photo-{id:int}.jpg", "/photo-x.jpg"), None);
    assert_eq!(found("v{major}", "/x1"), None);
    assert_eq!(found("{{v}}", "/%7Bv%7D"), values(&[]));
}

#[test]
fn constraints_accept_and_refuse_as_their_names_say() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("int", &["0", "-7", "2147483647"], &["x", "1.5", "2147483648"]),
        ("long", &["9223372036854775807"], &["9223372036854775808", "a"]),
        ("bool", &["true", "FALSE"], &["1", "yes"]),
        ("decimal", &["1", "-1.5", ".5"], &["1e3", ".", "x"]),
        ("double", &["1.5", "-1e3"], &["x", "inf", "1,5"]),
        ("float", &["1.5", "1E-3"], &["x", "NaN"]),
        (
            "guid",
            &[
                "0192f0c1-2a6b-7cc0-8f33-3c9e1fdb2a10",
                "0192F0C12A6B7CC08F333C9E1FDB2A10",
                "(0192f0c1-2a6b-7cc0-8f33-3c9e1fdb2a10)",
            ],
            &["0192f0c1-2a6b-7cc0-8f33-3c9e1fdb2a1", "0192f0c1x2a6b-7cc0-8f33-3c9e1fdb2a10", "me"],
        ),
        (
            "datetime",
            &[
                "2026-01-02",
                "2024-02-29",
                "2026-01-02T03:04:05Z",
                "2026-01-02T03:04:05.678+01:00",
                "01%2F31%2F2026",
                "2026-01-02%2003:04",
            ],
            &[
                "2026-13-01",
                "2025-02-29",
                "2026-01-02T25:00",
                "2026-01-02T03:04:05+25:00",
                "yesterday",
                "2026",
            ],
        ),
        ("minlength(2)", &["ab", "abc"], &["a", "ü"]),
        ("maxlength(2)", &["a", "ab", "üü"], &["abc", "😀a"]),
        ("length(2)", &["ab"], &["a", "abc"]),
        ("length(2,3)", &["ab", "abc"], &["a", "abcd"]),
        ("min(18)", &["18", "99"], &["17", "x"]),
        ("max(18)", &["18", "-1"], &["19"]),
        ("range(18,20)", &["18", "20"], &["17", "21", "x"]),
        ("alpha", &["abc", "ABC"], &["a1", "é"]),
        ("required", &["a"], &[]),
        ("regex(^\\d{{3}}-[a-z]+$)", &["123-abc", "123-ABC"], &["12-abc", "123-"]),
        ("regex(^(a:b|c=d)$)", &["a:b", "c=d"], &["a"]),
        ("int:min(1)", &["1"], &["0", "x"]),
        ("INT", &["1"], &["x"]),
    ];
    for (constraint, accepted, refused) in cases {
        let template = template(&format!("a/{{x:{constraint}}}"));
        for value in *accepted {
            assert!(
                template.matches(&format!("/a/{value}")).is_some(),
                "{constraint} refused {value}"
            );
        }
        for value in *refused {
            assert!(
                template.matches(&format!("/a/{value}")).is_none(),
                "{constraint} accepted {value}"
            );
        }
    }
}

#[test]
fn what_is_not_a_template_is_refused_with_a_remedy() {
    for text in [
        "/v1",
        "~/v1",
        "a//b",
        "a?b",
        "{",
        "}",
        "a/{id",
        "a/id}",
        "{}",
        "{*}",
        "{a{b}}",
        "{id}/{ID}",
        "{*rest}/a",
        "{*rest?}",
        "{a}{b}",
        "x{a?}",
        "x{a=1}",
        "{a=1?}",
        "{a:unknown}",
        "{a:int(3)}",
        "{a:min}",
        "{a:min(x)}",
        "{a:range(3)}",
        "{a:range(3,1)}",
        "{a:length(3,1)}",
        "{a:min(3}",
        "{a:regex([)}",
        "x{*a}",
    ] {
        let error = RouteTemplate::parse(text).expect_err(text);
        assert_eq!(error.template, text);
        assert!(error.problem.len() > 10, "{error}");
    }
    assert!(RouteTemplate::parse(&"a/".repeat(2000)).is_err());
}

#[test]
fn the_most_specific_route_comes_first() {
    let in_order = [
        "v1/profiles/me",
        "v1/profiles/{name}.json",
        "v1/profiles/{id}",
        "v1/profiles/{*rest}",
        "v1/{kind:alpha}/{id}",
        "v1/{kind}/{id}",
        "v1/{*rest:alpha}",
        "v1/{*rest}",
        "{*rest}",
    ];
    let mut sorted: Vec<RouteTemplate> = in_order.iter().rev().map(|text| template(text)).collect();
    sorted.sort_by_key(RouteTemplate::precedence);
    let sorted: Vec<&str> = sorted.iter().map(RouteTemplate::as_str).collect();
    assert_eq!(sorted, in_order);
    assert_eq!(template("a/{x:int}").precedence(), template("b/{y:guid}").precedence());
}

#[test]
fn a_prefix_goes_before_the_route() {
    assert_eq!(template("profiles/{id}").with_prefix("api").unwrap().as_str(), "api/profiles/{id}");
    assert_eq!(template("profiles").with_prefix("").unwrap().as_str(), "profiles");
    assert_eq!(template("profiles").with_prefix("/api/v2/").unwrap().as_str(), "api/v2/profiles");
    assert!(template("profiles").with_prefix("{").is_err());
}

#[test]
fn segments_and_parameters_can_be_listed() {
    let template = template("v1/{id:guid}/x-{name}/{*rest}");
    assert!(matches!(
        template.segments(),
        [Segment::Literal(_), Segment::Parameter(_), Segment::Mixed(_), Segment::CatchAll(_)]
    ));
    let names: Vec<&str> = template.parameters().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, ["id", "name", "rest"]);
}

proptest! {
    #[test]
    fn any_value_comes_back_as_it_was_encoded(value in "\\PC{1,40}") {
        let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let matched = template("a/{id}/b").matches(&format!("/a/{encoded}/b")).unwrap();
        prop_assert_eq!(matched.get("id"), Some(value.as_str()));
    }

    #[test]
    fn no_text_makes_parsing_or_matching_panic(text in "[a-z{}/?*:=.()é]{0,24}", path in "[a-z/%.é]{0,24}") {
        if let Ok(template) = RouteTemplate::parse(&text) {
            let _ = template.matches(&path);
            prop_assert_eq!(template.to_string(), text);
        }
    }

    #[test]
    fn mixed_segments_never_panic_and_rebuild_their_text(path in "[a-z.é-]{1,16}") {
        if let Some(found) = template("{name}.{extension}").matches(&path) {
            let rebuilt = format!("{}.{}", found.get("name").unwrap(), found.get("extension").unwrap());
            prop_assert_eq!(rebuilt, path);
        }
    }
}

#[test]
fn a_wider_route_shadows_what_it_takes_paths_of() {
    let shadows = |one: &str, other: &str| {
        RouteTemplate::parse(one).unwrap().shadows(&RouteTemplate::parse(other).unwrap())
    };
    for (one, other, expected) in [
        ("things/{*rest}", "things/{id}", true),
        ("things/{id}", "things/{*rest}", false),
        ("things/{id}", "things/me", true),
        ("things/me", "things/{id}", false),
        ("things/{id:int}", "things/me", false),
        ("things/{id:int}", "things/7", true),
        ("things/{name}.{ext}", "things/me", false),
        ("things/{name}.{ext}", "things/a.b", true),
        ("{a}/own", "things/{id}", true),
        ("{a}/own", "things/{id}/more", false),
        ("{*path}", "", true),
        ("things/{id?}", "things", true),
        ("things/{id}", "things", false),
        ("v1/{x}", "V2/me", false),
    ] {
        assert_eq!(shadows(one, other), expected, "{one} before {other}");
    }
}
