use rustls::pki_types::CertificateDer;
use rustls::{Error, RootCertStore};
use std::sync::{Arc, Mutex, PoisonError};

/// The machine's root certificates, read when first asked for. A machine without any is asked again next time.
pub(crate) fn of_this_machine() -> Result<Arc<RootCertStore>, Error> {
    static KNOWN: Mutex<Option<Arc<RootCertStore>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(roots) = &*known {
        return Ok(Arc::clone(roots));
    }
    let roots = Arc::new(read()?);
    *known = Some(Arc::clone(&roots));
    Ok(roots)
}

fn read() -> Result<RootCertStore, Error> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "reading a root certificate of this machine");
    }
    let mut roots = RootCertStore::empty();
    let (_, ignored) = roots.add_parsable_certificates(found.certs);
    if ignored > 0 {
        tracing::warn!(ignored, "root certificates of this machine cannot be read");
    }
    if roots.is_empty() {
        return Err(Error::General("this machine has no root certificates".to_owned()));
    }
    Ok(roots)
}

/// The machine's, and these besides: what a client was told to trust counts even where the machine has none.
pub(crate) fn with(extra: &[CertificateDer<'static>]) -> Result<Arc<RootCertStore>, Error> {
    if extra.is_empty() {
        return of_this_machine();
    }
    let mut roots = of_this_machine().map_or_else(|_| RootCertStore::empty(), Arc::unwrap_or_clone);
    for certificate in extra {
        roots.add(certificate.clone())?;
    }
    Ok(Arc::new(roots))
}
