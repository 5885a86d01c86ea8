use http::HeaderMap;
use percent_encoding::percent_decode_str;

use super::*;
use crate::storage::{authorization::Target, code::Code, query::Query};

const NOW: &str = "2026-11-21T08:00:00Z";
const READ: Requirement =
    Requirement { resource: ResourceType::Object, account: "r", service: "r" };

/// Presents a signature for reading the blob `photos/a.jpg`.
fn present(query: &str, requirement: Requirement, policies: Vec<Policy>) -> Option<Code> {
    let presented = Presented {
        query: &Query::parse(query).unwrap(),
        headers: &HeaderMap::new(),
        now: NOW.parse().unwrap(),
        service: Service::Blob,
        target: Target { container: Some("photos"), blob: Some("a.jpg") },
    };
    check(presented, requirement, || policies).err().map(|failure| failure.code())
}

/// Signs a service SAS for that blob as a client would: the text is written out here, by the reference.
fn service_sas(permissions: &str, start: &str, expiry: &str, id: &str, ip: &str) -> String {
    let text = format!(
        "{permissions}\n{start}\n{expiry}\n/blob/devstoreaccount1/photos/a.jpg\n{id}\n{ip}\n\n2024-11-04\nb\n\n\n\n\n\n\n"
    );
    let signature = account::sign(&account::key(), &text).replace('+', "%2B");
    let given = [("sp", permissions), ("st", start), ("se", expiry), ("si", id), ("sip", ip)];
    let given = given
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value}&"));
    format!("{}sv=2024-11-04&sr=b&sig={signature}", given.collect::<String>())
}

#[test]
fn an_account_signature_of_ours_opens_everything_but_the_account() {
    let query = account_sas("2026-11-21T09:00:00Z".parse().unwrap());
    assert_eq!(present(&query, READ, vec![]), None);
    let owner_only = Requirement { account: "", ..READ };
    assert_eq!(present(&query, owner_only, vec![]), Some(code::AUTHORIZATION_PERMISSION_MISMATCH));
}

#[test]
fn an_account_signature_is_for_its_services_and_resource_types() {
    let signed = |ss: &str, srt: &str| {
        let text = format!("devstoreaccount1\nr\n{ss}\n{srt}\n\n2027-01-01\n\n\n2024-11-04\n\n");
        let signature = account::sign(&account::key(), &text).replace('+', "%2B");
        format!("sv=2024-11-04&ss={ss}&srt={srt}&sp=r&se=2027-01-01&sig={signature}")
    };
    assert_eq!(present(&signed("b", "o"), READ, vec![]), None);
    assert_eq!(
        present(&signed("q", "o"), READ, vec![]),
        Some(code::AUTHORIZATION_SERVICE_MISMATCH)
    );
    assert_eq!(
        present(&signed("b", "sc"), READ, vec![]),
        Some(code::AUTHORIZATION_RESOURCE_TYPE_MISMATCH)
    );
}

#[test]
fn a_signature_is_good_from_its_start_to_its_expiry() {
    let at = |start, expiry| present(&service_sas("r", start, expiry, "", ""), READ, vec![]);
    assert_eq!(at("", "2026-11-21T08:00:01Z"), None);
    assert_eq!(at(NOW, "2026-11-21T08:00:01Z"), None);
    assert_eq!(
        at("2026-11-21T08:00:01Z", "2026-11-21T09:00:00Z"),
        Some(code::AUTHENTICATION_FAILED)
    );
    assert_eq!(at("", NOW), Some(code::AUTHENTICATION_FAILED));
    assert_eq!(at("", ""), Some(code::AUTHENTICATION_FAILED));
}

#[test]
fn a_signature_that_was_changed_is_refused() {
    let query = service_sas("r", "", "2026-11-21T09:00:00Z", "", "");
    for (from, to) in [("sp=r", "sp=rw"), ("T09", "T10"), ("sr=b", "sr=c"), ("sv=2024", "sv=2023")]
    {
        assert_eq!(
            present(&query.replace(from, to), READ, vec![]),
            Some(code::AUTHENTICATION_FAILED),
            "{to}"
        );
    }
    assert_eq!(
        present("sv=2024-11-04&sr=b&sig=x", READ, vec![]),
        Some(code::AUTHENTICATION_FAILED)
    );
}

#[test]
fn a_stored_policy_says_what_the_signature_leaves_out() {
    let policy = Policy {
        id: "readers".to_owned(),
        expiry: "2026-11-21T09:00:00Z".to_owned(),
        permissions: "r".to_owned(),
        ..Policy::default()
    };
    let query = service_sas("", "", "", "readers", "");
    assert_eq!(present(&query, READ, vec![policy.clone()]), None);
    assert_eq!(present(&query, READ, vec![]), Some(code::AUTHENTICATION_FAILED));
    let over = Policy { expiry: NOW.to_owned(), ..policy.clone() };
    assert_eq!(present(&query, READ, vec![over]), Some(code::AUTHENTICATION_FAILED));
    let both = service_sas("r", "", "", "readers", "");
    assert_eq!(present(&both, READ, vec![policy]), Some(code::AUTHENTICATION_FAILED));
}

#[test]
fn a_signature_for_another_machine_is_refused() {
    let from = |ip| present(&service_sas("r", "", "2026-11-21T09:00:00Z", "", ip), READ, vec![]);
    assert_eq!(from("127.0.0.1"), None);
    assert_eq!(from("127.0.0.0-127.0.0.255"), None);
    assert_eq!(from("168.1.5.65"), Some(code::AUTHORIZATION_SOURCE_IP_MISMATCH));
}

#[test]
fn our_own_signature_reads_well_in_a_url() {
    let query = account_sas("2036-01-01T00:00:00Z".parse().unwrap());
    assert!(
        query.starts_with("sv=2024-11-04&ss=bq&srt=sco&sp=rwdlacuptf&se=2036-01-01T00%3A00%3A00Z"),
        "{query}"
    );
    let signature = query.split_once("sig=").unwrap().1;
    assert_eq!(percent_decode_str(signature).count(), 44);
}
