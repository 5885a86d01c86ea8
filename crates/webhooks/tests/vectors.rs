//! Known messages and their signatures: the specification's, and some that other programs signed (`hmac` of Python,
//! `openssl pkeyutl`).

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use jiff::Timestamp;
use pretty_assertions::assert_eq;
use webhooks::{Headers, Signer, SigningKey, Verifier};

/// One message, signed with one key.
struct Vector {
    key: &'static str,
    id: &'static str,
    at: i64,
    body: &'static [u8],
    signature: &'static str,
}

const SHORTEST: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
const LONGEST: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";
const PRIVATE: &str =
    "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";

/// Of the specification's own libraries.
const OFFICIAL: Vector = Vector {
    key: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
    at: 1_649_367_553,
    body: br#"{"email":"test@example.com","username":"test_user"}"#,
    signature: "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
};
/// Of the server that the specification grew out of; its signature is the specification's example.
const OFFICIAL_ASYMMETRIC: Vector = Vector {
    key: "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    at: 1_614_265_330,
    body: br#"{"test": 2432232314}"#,
    signature: "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
};

const EMPTY: (&str, i64, &[u8]) = ("msg_empty", 0, b"");
const BINARY: (&str, i64, &[u8]) = ("msg_binary", 1_700_000_000, b"\x00\x80\xff.\n");
const TEXT: (&str, i64, &[u8]) = ("msg_1", 4_102_444_800, "{\"name\":\"Zoë\"}".as_bytes());

const fn vector(
    key: &'static str,
    (id, at, body): (&'static str, i64, &'static [u8]),
    signature: &'static str,
) -> Vector {
    Vector { key, id, at, body, signature }
}

const VECTORS: [Vector; 11] = [
    OFFICIAL,
    OFFICIAL_ASYMMETRIC,
    vector(SHORTEST, EMPTY, "v1,J5OknFqp3xMk76ZOCbk9B8C41F0vLFILE9+r20p1zq0="),
    vector(SHORTEST, BINARY, "v1,4ikkl3FFLidUY5Z+mO3s+/7cjBiKfCGOqxibZGDm154="),
    vector(SHORTEST, TEXT, "v1,eJR0YurcDnjQ6pdBdxZscFlBP4msn851fcFIsd4Ea/Y="),
    vector(LONGEST, EMPTY, "v1,m1U6PauNqWmBbKhqGukpFBWHLTkuCX7UT65NeZTHWzQ="),
    vector(LONGEST, BINARY, "v1,iHkS4jEVHOtIVQhEFPvJHwXt57h1wYz8zhgfH8Eifi8="),
    vector(LONGEST, TEXT, "v1,l5F3yteP3GjP6R6igeDKwO7Q4WpHhl9YeEpbfFv0iFE="),
    vector(
        PRIVATE,
        EMPTY,
        "v1a,3/vATNsgAzgkCX55rfWn3JnEmj9XYPUyP94UlnIHkXp+DeeQA2dkhOZq4LicBju43MYa+Yh7qVcBreH2xUC2Ag==",
    ),
    vector(
        PRIVATE,
        BINARY,
        "v1a,DE9tyDzBd0K8Qv4eqiSSdo12l1qTed9wpWkW3CPZ/mt2XN6awp4CitL2gGkFC2/Np8FAOPEvHlGPcX8ahFh6Bg==",
    ),
    vector(
        PRIVATE,
        TEXT,
        "v1a,ZD3BLABBmOnjVjBuQk+ZsIs/5Tt26w7kzfWfgJ7jGe+ycPcRzYvVhmhbfd5Ux/YCR/zkAvY+JJ6m1Qw7h/F6BA==",
    ),
];

#[test]
fn known_messages_get_their_signatures_and_are_believed() {
    for Vector { key, id, at, body, signature } in VECTORS {
        let (key, at) = (key.parse::<SigningKey>().unwrap(), Timestamp::from_second(at).unwrap());
        let headers = Signer::new(key.clone()).sign(&id.parse().unwrap(), at, body);
        let expected = at.as_second().to_string();
        assert_eq!(
            headers.pairs(),
            [
                ("webhook-id", id),
                ("webhook-timestamp", expected.as_str()),
                ("webhook-signature", signature),
            ]
        );
        let read = Headers::from_pairs(headers.pairs()).unwrap();
        let verified = Verifier::new(key.verifying_key()).verify(&read, body, at).unwrap();
        assert_eq!((verified.id.as_str(), verified.attempted_at, verified.key), (id, at, 0));
    }
}

#[test]
fn the_public_key_is_the_official_one() {
    let key: webhooks::PrivateKey = OFFICIAL_ASYMMETRIC.key.parse().unwrap();
    let public = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
    assert_eq!(key.public_key().to_string(), public);
}

#[test]
fn of_a_message_with_both_official_keys_either_is_enough() {
    let sign = |key: &str| key.parse::<SigningKey>().unwrap();
    let (secret, private) = (sign(OFFICIAL.key), sign(OFFICIAL_ASYMMETRIC.key));
    let at = Timestamp::from_second(OFFICIAL.at).unwrap();
    let signer = Signer::new(secret.clone()).and(private.clone());
    let headers = signer.sign(&OFFICIAL.id.parse().unwrap(), at, OFFICIAL.body);
    let [.., (_, signatures)] = headers.pairs();
    let (first, second) = signatures.split_once(' ').unwrap();
    assert!(first == OFFICIAL.signature && second.starts_with("v1a,"), "{signatures}");
    for key in [secret, private] {
        let verifier = Verifier::new(key.verifying_key());
        assert!(verifier.verify(&headers, OFFICIAL.body, at).is_ok());
    }
}
