//! Who is believed. The certificates were made by hand, and nobody has their keys: `root.der` signed `server.der`, which is
//! `server.example` for a year.

use rustls::client::danger::{ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, Error};
use rustls_platform_verifier::Verifier;
use std::sync::Arc;
use std::time::Duration;

const ROOT: &[u8] = include_bytes!("certificates/root.der");
const SERVER: &[u8] = include_bytes!("certificates/server.der");
/// When both are valid, in seconds since 1970.
const VALID: u64 = 1796151504;
const A_YEAR_S: u64 = 366 * 24 * 3_600;

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn knowing_the_root() -> Verifier {
    let root = CertificateDer::from(ROOT);
    Verifier::new_with_extra_roots([root], provider()).expect("the root is a certificate")
}

fn verified(verifier: &Verifier, name: &str, at: u64) -> Result<ServerCertVerified, Error> {
    let at = UnixTime::since_unix_epoch(Duration::from_secs(at));
    let name = ServerName::try_from(name.to_owned()).expect("it is a name");
    verifier.verify_server_cert(&CertificateDer::from(SERVER), &[], &name, &[], at)
}

#[test]
fn a_server_is_believed_when_its_certificate_leads_to_a_known_root() {
    let verifier = knowing_the_root();
    for _ in 0..2 {
        assert!(verified(&verifier, "server.example", VALID).is_ok());
    }
}

#[test]
fn another_name_or_another_time_is_not_believed() {
    let verifier = knowing_the_root();
    let other = verified(&verifier, "other.example", VALID).unwrap_err();
    let because = format!("{other:?}");
    assert!(because.contains("NotValidForName"), "{because}");
    let late = verified(&verifier, "server.example", VALID + A_YEAR_S).unwrap_err();
    let because = format!("{late:?}");
    assert!(because.contains("Expired"), "{because}");
}

#[test]
fn a_root_that_this_machine_does_not_have_is_not_believed() {
    let verifier = Verifier::new(provider()).unwrap();
    let refused = verified(&verifier, "server.example", VALID).unwrap_err();
    // A machine may have no roots at all.
    let unknown = Error::InvalidCertificate(CertificateError::UnknownIssuer);
    assert!(refused == unknown || matches!(refused, Error::General(_)), "{refused:?}");
}

#[test]
fn a_root_that_is_no_certificate_is_refused_at_once() {
    let nonsense = CertificateDer::from(&b"nonsense"[..]);
    assert!(Verifier::new_with_extra_roots([nonsense], provider()).is_err());
}

#[test]
fn signatures_are_those_that_the_provider_checks() {
    let schemes = Verifier::new(provider()).unwrap().supported_verify_schemes();
    assert_eq!(schemes, provider().signature_verification_algorithms.supported_schemes());
}
