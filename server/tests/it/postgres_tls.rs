//! PostgreSQL on another machine is spoken to encrypted, and only if it is who it says.
//!
//! 0.0.0.0 stands for the other machine: it leads to this one, and is not known as loopback.

use crate::postgres::{give_to_nobody, start_on_loopback};
use server::store::{Database, row::Columns};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};

/// An authority's certificate, and one that it has signed for 0.0.0.0.
fn certify(folder: &Path) {
    fs::write(folder.join("names"), "subjectAltName=IP:0.0.0.0\n").unwrap();
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let authority = ["req", "-x509", "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", "/CN=A test's CA"];
    let asked = ["req", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=postgres"];
    let signed = [
        "x509",
        "-req",
        "-in",
        "server.csr",
        "-CA",
        "ca.crt",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        "names",
        "-out",
        "server.crt",
    ];
    openssl(folder, &[&authority[..], &curve].concat());
    openssl(folder, &[&asked[..], &curve].concat());
    openssl(folder, &signed);
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let run = Command::new("openssl").args(arguments).current_dir(folder).stdin(Stdio::null()).output();
    let run = run.expect("openssl, which comes with PostgreSQL's packages");
    assert!(run.status.success(), "openssl: {}", String::from_utf8_lossy(&run.stderr));
}

/// Where a server listens that has the certificate in `folder`.
fn start_with_certificate(folder: &Path) -> u16 {
    start_on_loopback(|own| {
        for file in ["server.crt", "server.key"] {
            fs::copy(folder.join(file), own.join(file)).unwrap();
            give_to_nobody(&own.join(file));
        }
        fs::set_permissions(own.join("server.key"), fs::Permissions::from_mode(0o600)).unwrap();
        let own = own.display();
        format!("-c ssl=on -c ssl_cert_file={own}/server.crt -c ssl_key_file={own}/server.key")
    })
}

/// Whether the connection is encrypted; or why there is none.
async fn is_encrypted(url: &str) -> Result<bool, String> {
    let database = Database::open(url).await.map_err(|error| error.to_string())?;
    let row = sqlx::query("SELECT CAST(ssl AS INT) AS encrypted FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        .fetch_one(database.reader())
        .await;
    let encrypted = row.unwrap().flag("encrypted").unwrap();
    database.close().await;
    Ok(encrypted)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_elsewhere_is_verified_and_never_spoken_to_in_plain_text() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    certify(folder.path());
    certify(other.path());
    let port = start_with_certificate(folder.path());
    let root = |folder: &Path| folder.join("ca.crt").display().to_string();
    let (own, foreign) = (root(folder.path()), root(other.path()));
    let url = format!("postgres://headhaul@0.0.0.0:{port}/postgres");

    assert_eq!(is_encrypted(&format!("{url}?sslrootcert={own}")).await, Ok(true));
    // Signed by nobody whom the system knows, by another authority, for another name.
    let unknown = is_encrypted(&url).await.unwrap_err();
    let wrong = is_encrypted(&format!("{url}?sslrootcert={foreign}")).await.unwrap_err();
    let named = format!("postgres://headhaul@127.0.0.1:{port}/postgres?sslmode=verify-full&sslrootcert={own}");
    let misnamed = is_encrypted(&named).await.unwrap_err();
    for refusal in [unknown, wrong, misnamed] {
        assert!(refusal.contains("certificate"), "{refusal}");
    }
    // Said to be so.
    assert_eq!(is_encrypted(&format!("{url}?sslmode=require")).await, Ok(true));
    assert_eq!(is_encrypted(&format!("{url}?sslmode=disable")).await, Ok(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_elsewhere_that_can_not_encrypt_is_refused() {
    let port = start_on_loopback(|_| "-c ssl=off".into());
    let url = format!("postgres://headhaul@0.0.0.0:{port}/postgres");
    let refused = is_encrypted(&url).await.unwrap_err();
    assert!(refused.contains("TLS"), "{refused}");
    let refused = is_encrypted(&format!("{url}?sslmode=prefer")).await.unwrap_err();
    assert!(refused.contains("plain text"), "{refused}");
    assert_eq!(is_encrypted(&format!("{url}?sslmode=disable")).await, Ok(false));
    // On this machine nobody listens.
    assert_eq!(is_encrypted(&format!("postgres://headhaul@127.0.0.1:{port}/postgres")).await, Ok(false));
}
