//! List Blobs against a plain sorted list: prefixes, delimiters, pages of every size.

use proptest::{collection::btree_set, prelude::*, test_runner::Config};
use reqwest::Method;

use crate::account::{Account, answer};

/// What a list of these names should say: names, and folders in place of what they hold.
fn expected(names: &[String], prefix: &str, delimiter: Option<&str>) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for name in names.iter().filter(|name| name.starts_with(prefix)) {
        let rest = &name[prefix.len()..];
        let folder =
            delimiter.and_then(|delimiter| rest.find(delimiter).map(|at| at + delimiter.len()));
        let entry = folder.map_or(name.as_str(), |end| &name[..prefix.len() + end]);
        if entries.last().map(String::as_str) != Some(entry) {
            entries.push(entry.to_owned());
        }
    }
    entries
}

async fn listed(
    account: &Account,
    prefix: &str,
    delimiter: Option<&str>,
    page: usize,
) -> Vec<String> {
    let delimiter =
        delimiter.map(|delimiter| format!("&delimiter={delimiter}")).unwrap_or_default();
    let (mut names, mut marker) = (Vec::new(), String::new());
    loop {
        let query = format!(
            "c-1?restype=container&comp=list&prefix={prefix}{delimiter}&maxresults={page}&marker={marker}"
        );
        let answer = answer(account.blob(Method::GET, &query)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let found = answer.elements("Name");
        assert!(found.len() <= page);
        names.extend(found.into_iter().map(str::to_owned));
        marker = answer.element("NextMarker").replace('=', "%3D");
        if marker.is_empty() {
            return names;
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 24, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_page_size_lists_the_same(
        names in btree_set("[ab/]{0,3}[abé/]", 1..20),
        prefix in "[ab]{0,1}/{0,1}",
        page in 1..6_usize,
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let account = Account::empty().await;
            account.create_container("c-1").await;
            // A name of slashes alone would be read as part of the address.
            let names: Vec<String> = names.into_iter().filter(|name| !name.starts_with('/')).collect();
            for name in &names {
                let path = format!("c-1/{}", name.replace('/', "%2F"));
                prop_assert_eq!(answer(account.put(&path, "x")).await.status, 201);
            }
            prop_assert_eq!(listed(&account, &prefix, None, page).await, expected(&names, &prefix, None));
            let folders = listed(&account, &prefix, Some("/"), page).await;
            prop_assert_eq!(folders, expected(&names, &prefix, Some("/")));
            Ok::<(), TestCaseError>(())
        })?;
    }
}

#[tokio::test]
async fn a_list_tells_of_staged_blocks_only_when_asked() {
    let account = Account::empty().await;
    account.create_container("photos").await;
    answer(account.blob(Method::PUT, "photos/staged?comp=block&blockid=AAAA").body("x")).await;
    answer(account.put("photos/whole", "x")).await;
    let names = async |include: &str| {
        let query = format!("photos?restype=container&comp=list&include={include}");
        answer(account.blob(Method::GET, &query)).await.elements("Name").join(" ")
    };
    assert_eq!(names("metadata").await, "whole");
    assert_eq!(names("uncommittedblobs").await, "staged whole");
}

#[tokio::test]
async fn a_marker_that_is_none_is_refused() {
    let account = Account::empty().await;
    account.create_container("photos").await;
    let query = "photos?restype=container&comp=list&marker=***";
    assert_eq!(answer(account.blob(Method::GET, query)).await.refusal(), (400, "InvalidMarker"));
}
