//! How Redis is reached: in the clear, or over TLS with a certificate that is verified.

use crate::settings::Realtime;
use fred::{
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, pem::PemObject},
    },
    rustls_native_certs,
    types::config::{Config, TlsConnector},
};
use std::sync::Arc;

type Failure = Box<dyn std::error::Error>;

/// What the settings say of Redis. With `rediss://` there is no way around TLS, nor around a certificate that the system
/// or `realtime.redis_ca` vouches for.
pub fn configure(realtime: &Realtime) -> Result<Config, Failure> {
    let Some(rest) = realtime.redis_url.strip_prefix("rediss://") else {
        return Ok(Config::from_url(&realtime.redis_url)?);
    };
    let mut config = Config::from_url(&format!("redis://{rest}"))?;
    let mut roots = RootCertStore::empty();
    // Of the system's there are always some that nobody can read.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if !realtime.redis_ca.as_os_str().is_empty() {
        let file = &realtime.redis_ca;
        let unreadable = |error: &dyn std::fmt::Display| format!("realtime.redis_ca: {}: {error}", file.display());
        let certificates = CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))?;
        let mut count = 0;
        for certificate in certificates {
            roots.add(certificate.map_err(|error| unreadable(&error))?).map_err(|error| unreadable(&error))?;
            count += 1;
        }
        if count == 0 {
            return Err(unreadable(&"it holds no certificate").into());
        }
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.tls = Some(TlsConnector::from(tls).into());
    Ok(config)
}
