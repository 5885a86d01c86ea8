//! What is believed and what is not.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use jiff::{SignedDuration, Timestamp};
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use webhooks::{
    Headers, IdError, MessageId, PrivateKey, Secret, Signer, SigningKey, Verifier, VerifyError,
};

const BODY: &[u8] = br#"{"type":"invoice.paid"}"#;

fn now() -> Timestamp {
    Timestamp::from_second(1_764_500_000).unwrap()
}

fn id() -> MessageId {
    "msg_1".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

/// The headers as text, to be changed.
fn changed(
    headers: &Headers,
    change: impl Fn(&str, &str) -> String,
) -> Result<Headers, VerifyError> {
    let pairs = headers.pairs().map(|(name, value)| (name, change(name, value)));
    Headers::from_pairs(pairs)
}

fn one_of_each() -> [SigningKey; 2] {
    [Secret::generate().into(), PrivateKey::generate().into()]
}

#[test]
fn a_message_is_believed_for_five_minutes_in_both_directions() {
    let secret = Secret::generate();
    let headers = Signer::new(secret.clone()).sign(&id(), now(), BODY);
    let verified_at = |seconds| {
        let verified = Verifier::new(secret.clone()).verify(&headers, BODY, later(seconds));
        verified.map(|verified| verified.attempted_at)
    };
    for seconds in [-300, -1, 0, 1, 300] {
        assert_eq!(verified_at(seconds), Ok(now()), "{seconds}");
    }
    assert_eq!(verified_at(301), Err(VerifyError::TooOld(301)));
    assert_eq!(verified_at(-301), Err(VerifyError::TooNew(301)));
}

#[test]
fn any_signature_under_any_key_is_enough_and_the_right_key_is_told() {
    let [secret, private] = one_of_each();
    let other = Secret::generate();
    let headers = Signer::new(other.clone()).and(secret.clone()).and(private.clone()).sign(
        &id(),
        now(),
        BODY,
    );
    let key =
        |verifier: Verifier| verifier.verify(&headers, BODY, now()).map(|verified| verified.key);
    let unknown = Secret::generate();
    assert_eq!(key(Verifier::new(private.verifying_key())), Ok(0));
    assert_eq!(key(Verifier::new(unknown.clone()).or(secret.verifying_key())), Ok(1));
    assert_eq!(key(Verifier::new(unknown.clone()).or(unknown.clone()).or(other)), Ok(2));
    assert_eq!(
        key(Verifier::new(unknown).or(PrivateKey::generate().public_key())),
        Err(VerifyError::NoMatch)
    );
}

#[test]
fn signatures_of_other_versions_are_passed_over() {
    for key in one_of_each() {
        let headers = Signer::new(key.clone()).sign(&id(), now(), BODY);
        let verifier = Verifier::new(key.verifying_key());
        let with = |signatures: &dyn Fn(&str) -> String| {
            let headers = changed(&headers, |name, value| match name {
                "webhook-signature" => signatures(value),
                _ => value.to_owned(),
            });
            verifier.verify(&headers?, BODY, now())
        };
        for junk in ["v2,AAAA", "v1,not-base64", "v1a,", "v1", ",", "", "v1a,AAAA,AAAA"] {
            assert!(with(&|right| format!("{junk} {right}")).is_ok(), "{junk}");
            assert!(with(&|right| format!("{right} {junk}")).is_ok(), "{junk}");
            assert_eq!(with(&|_| junk.to_owned()), Err(VerifyError::NoMatch), "{junk}");
        }
        // The version says how to verify; what it says is not tried the other way.
        let other = |right: &str| match right.strip_prefix("v1a,") {
            Some(signature) => format!("v1,{signature}"),
            None => right.replace("v1,", "v1a,"),
        };
        assert_eq!(with(&other), Err(VerifyError::NoMatch));
    }
}

#[test]
fn the_borders_of_what_is_signed_cannot_be_moved() {
    let secret = Secret::generate();
    let headers = Signer::new(secret.clone()).sign(&id(), now(), b"1764500001.{}");
    // The same bytes, read as another id with another time and another body.
    let moved = changed(&headers, |name, value| match name {
        "webhook-id" => format!("{value}.{}", now().as_second()),
        "webhook-timestamp" => "1764500001".to_owned(),
        _ => value.to_owned(),
    });
    let verified = Verifier::new(secret).verify(&moved.unwrap(), b"{}", now());
    assert_eq!(verified, Err(VerifyError::Id(IdError::FullStop)));
}

#[test]
fn a_number_that_is_written_oddly_is_none() {
    let secret = Secret::generate();
    let headers = Signer::new(secret.clone()).sign(&id(), now(), BODY);
    for odd in [
        "+1764500000",
        "01764500000",
        "1764500000.0",
        " 1764500000",
        "",
        "-1",
        "1e9",
        "999999999999",
    ] {
        let headers = changed(&headers, |name, value| match name {
            "webhook-timestamp" => odd.to_owned(),
            _ => value.to_owned(),
        });
        let verified = Verifier::new(secret.clone()).verify(&headers.unwrap(), BODY, now());
        assert_eq!(verified, Err(VerifyError::Timestamp), "{odd}");
    }
}

/// Every bit of the three headers and of the body, one after the other.
#[test]
fn a_message_with_one_bit_changed_is_not_believed() {
    for key in one_of_each() {
        let headers = Signer::new(key.clone()).sign(&id(), now(), BODY);
        let verifier = Verifier::new(key.verifying_key());
        for place in 0..3 {
            for bit in 0..headers.pairs()[place].1.len() * 8 {
                let mut pairs =
                    headers.pairs().map(|(name, value)| (name, value.as_bytes().to_vec()));
                pairs[place].1[bit / 8] ^= 1 << (bit % 8);
                let verified = Headers::from_pairs(pairs)
                    .and_then(|headers| verifier.verify(&headers, BODY, now()));
                assert!(verified.is_err(), "bit {bit} of header {place}");
            }
        }
        for bit in 0..BODY.len() * 8 {
            let mut body = BODY.to_vec();
            body[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                verifier.verify(&headers, &body, now()),
                Err(VerifyError::NoMatch),
                "bit {bit} of the body"
            );
        }
    }
}

proptest! {
    #[test]
    fn what_was_signed_is_believed_and_with_another_body_key_or_id_it_is_not(
        body in proptest::collection::vec(any::<u8>(), 0..300),
        id in "[!-\\-/-~]{1,64}",
        at in 0_i64..4_102_444_800,
        off in -300_i64..=300,
        change in any::<prop::sample::Index>(),
        bit in 0_u8..8,
        is_asymmetric in any::<bool>(),
    ) {
        let [secret, private] = one_of_each();
        let (key, other) = if is_asymmetric { (private, secret) } else { (secret, private) };
        let (id, at) = (id.parse::<MessageId>().unwrap(), Timestamp::from_second(at).unwrap());
        let now = at + SignedDuration::from_secs(off);
        let headers = Signer::new(key.clone()).sign(&id, at, &body);
        let verifier = Verifier::new(key.verifying_key());
        let verified = verifier.verify(&headers, &body, now).unwrap();
        prop_assert_eq!((&verified.id, verified.attempted_at), (&id, at));

        let mut longer = body.clone();
        longer.push(bit);
        prop_assert_eq!(verifier.verify(&headers, &longer, now), Err(VerifyError::NoMatch));
        let mut mutated = longer.clone();
        mutated[change.index(longer.len())] ^= 1 << bit;
        let resigned = Signer::new(key).sign(&id, at, &longer);
        prop_assert_eq!(verifier.verify(&resigned, &mutated, now), Err(VerifyError::NoMatch));
        let stranger = Verifier::new(other.verifying_key());
        prop_assert_eq!(stranger.verify(&headers, &body, now), Err(VerifyError::NoMatch));
    }

    #[test]
    fn nothing_that_comes_as_headers_is_a_panic(
        id in proptest::collection::vec(any::<u8>(), 0..300),
        timestamp in "[0-9+. -]{0,14}",
        signature in "(v1|v1a|v2|)[, A-Za-z0-9+/=]{0,200}",
        body in proptest::collection::vec(any::<u8>(), 0..50),
    ) {
        let pairs = [("webhook-id", id.as_slice()), ("webhook-timestamp", timestamp.as_bytes()), ("webhook-signature", signature.as_bytes())];
        let [secret, private] = one_of_each();
        let verifier = Verifier::new(secret.verifying_key()).or(private.verifying_key());
        let verified = Headers::from_pairs(pairs).and_then(|headers| verifier.verify(&headers, &body, now()));
        prop_assert!(verified.is_err());
    }
}
