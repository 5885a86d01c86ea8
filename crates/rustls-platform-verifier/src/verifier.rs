use crate::roots;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};
use std::sync::{Arc, Mutex, PoisonError};

/// Believes servers whose certificate leads to a root certificate of this machine. The roots are read at the first
/// handshake.
#[derive(Debug)]
pub struct Verifier {
    provider: Arc<CryptoProvider>,
    extra: Vec<CertificateDer<'static>>,
    /// Made at the first handshake that finds roots.
    checks: Mutex<Option<Arc<WebPkiServerVerifier>>>,
}

impl Verifier {
    /// By the roots of this machine.
    ///
    /// # Errors
    /// None: the signature is that of the crate in whose place this stands. A machine without roots fails the handshake.
    pub fn new(provider: Arc<CryptoProvider>) -> Result<Self, Error> {
        Self::new_with_extra_roots([], provider)
    }

    /// By the roots of this machine and these.
    ///
    /// # Errors
    /// One of these is no certificate.
    pub fn new_with_extra_roots(
        extra: impl IntoIterator<Item = CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, Error> {
        let extra: Vec<_> = extra.into_iter().collect();
        let mut readable = RootCertStore::empty();
        extra.iter().try_for_each(|certificate| readable.add(certificate.clone()))?;
        Ok(Self { provider, extra, checks: Mutex::new(None) })
    }

    fn checks(&self) -> Result<Arc<WebPkiServerVerifier>, Error> {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(checks) = &*checks {
            return Ok(Arc::clone(checks));
        }
        let roots = roots::with(&self.extra)?;
        let provider = Arc::clone(&self.provider);
        let made = WebPkiServerVerifier::builder_with_provider(roots, provider).build();
        let made = made.map_err(|error| Error::Other(OtherError(Arc::new(error))))?;
        *checks = Some(Arc::clone(&made));
        Ok(made)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.checks()?.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
