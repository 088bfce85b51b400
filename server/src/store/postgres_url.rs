//! The address of PostgreSQL as it is connected to: what leaves this machine is encrypted, and the server is verified.
//!
//! | `sslmode` in the URL | to this machine | to another |
//! |---|---|---|
//! | none | as the driver does: encrypted where the server can | `verify-full` |
//! | `verify-full`, `verify-ca` | so | so |
//! | `require` | so | so, with a warning: whoever sits in between can pretend to be the server |
//! | `disable` | so | so, with a warning |
//! | `prefer`, `allow` | so | refused: they fall back to plain text and tell nobody |
//!
//! `sslrootcert` names the authority that has signed the server's certificate, where the system does not know it.

use super::StoreError;
use crate::settings::peer::must_be_encrypted;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::borrow::Cow;

/// The URL with which to connect.
pub fn encrypted(url: &str) -> Result<Cow<'_, str>, StoreError> {
    let options: PgConnectOptions = url.parse()?;
    let host = options.get_host();
    if options.get_socket().is_some() || !must_be_encrypted(host) {
        return Ok(Cow::Borrowed(url));
    }
    match options.get_ssl_mode() {
        PgSslMode::VerifyFull | PgSslMode::VerifyCa => {}
        PgSslMode::Require => {
            tracing::warn!(host, "the database is not verified (sslmode=require): take verify-full");
        }
        PgSslMode::Disable => {
            tracing::warn!(host, "everything goes to the database in plain text (sslmode=disable)");
        }
        PgSslMode::Prefer | PgSslMode::Allow if names_mode(url) => return Err(StoreError::MayBePlain(host.to_owned())),
        PgSslMode::Prefer | PgSslMode::Allow => {
            let mark = if url.contains('?') { '&' } else { '?' };
            return Ok(Cow::Owned(format!("{url}{mark}sslmode=verify-full")));
        }
    }
    Ok(Cow::Borrowed(url))
}

/// Whether the URL itself says how to encrypt.
fn names_mode(url: &str) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    query.split('&').any(|pair| matches!(pair.split('=').next(), Some("sslmode" | "ssl-mode")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_machine_is_spoken_to_encrypted_and_verified() {
        for (url, expected) in [
            ("postgres://a:b@db.example.com/hh", "postgres://a:b@db.example.com/hh?sslmode=verify-full"),
            (
                "postgres://a@10.0.0.7:5432/hh?application_name=x",
                "postgres://a@10.0.0.7:5432/hh?application_name=x&sslmode=verify-full",
            ),
            (
                "postgres:///hh?host=db2&sslrootcert=/ca.pem",
                "postgres:///hh?host=db2&sslrootcert=/ca.pem&sslmode=verify-full",
            ),
            ("postgres://a@[2001:db8::1]/hh", "postgres://a@[2001:db8::1]/hh?sslmode=verify-full"),
        ] {
            assert_eq!(encrypted(url).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_said_stays_as_it_is() {
        for url in [
            "postgres://a@db/hh?sslmode=disable",
            "postgres://a@db/hh?sslmode=require",
            "postgres://a@db/hh?sslmode=verify-ca&sslrootcert=/ca.pem",
            "postgres://a@localhost/hh",
            "postgres://a@localhost/hh?sslmode=prefer",
            "postgres://a@localhost/hh?host=/var/run/postgresql",
            "postgres://a@127.0.0.1:5433/hh",
        ] {
            assert_eq!(encrypted(url).unwrap(), url);
        }
    }

    #[test]
    fn what_may_fall_back_to_plain_text_is_refused() {
        for mode in ["prefer", "allow"] {
            let refused = encrypted(&format!("postgres://a@db/hh?sslmode={mode}")).unwrap_err();
            assert!(refused.to_string().contains("verify-full"), "{refused}");
        }
    }
}
