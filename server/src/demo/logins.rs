//! The demo's logins: one password for all, given or made at the first start and kept.

use crate::{auth::password, settings::Settings};
use rand::RngExt;
use std::{
    fmt, fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
};

/// The file's name in the data directory.
const FILE: &str = "demo-password";
/// Without letters that look like others.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
const LENGTH: usize = 12;

/// What is printed at the start.
#[derive(Debug, Clone)]
pub struct Logins {
    pub password: String,
}

impl Logins {
    /// The password that was set, else the one that was made at the first start.
    pub fn load(settings: &Settings) -> io::Result<Self> {
        if !settings.demo.password.is_empty() {
            return Ok(Self { password: settings.demo.password.clone() });
        }
        let path = settings.server.data_dir.join(FILE);
        match fs::read_to_string(&path) {
            Ok(password) if !password.trim().is_empty() => Ok(Self { password: password.trim().to_owned() }),
            Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidData, format!("{} is empty; remove it", path.display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut dice = rand::rng();
                let password: String =
                    (0..LENGTH).map(|_| char::from(LETTERS[dice.random_range(0..LETTERS.len())])).collect();
                fs::create_dir_all(&settings.server.data_dir)?;
                let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
                file.write_all(password.as_bytes())?;
                Ok(Self { password })
            }
            Err(error) => Err(error),
        }
    }

    /// Whether a stored hash is of this password.
    pub fn fits(&self, hash: &str) -> bool {
        password::verify(&self.password, hash)
    }
}

impl fmt::Display for Logins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Demo logins, each with the password {}", self.password)?;
        for (name, role) in [
            ("admin", "admin"),
            ("sarah", "ops manager"),
            ("maria", "dispatcher"),
            ("john", "dispatcher"),
            ("sam", "support"),
            ("swift", "carrier"),
            ("carlos", "driver"),
        ] {
            writeln!(f, "  {:<20} {:<20} {role}", format!("{name}@acme.test"), format!("{name}@globex.test"))?;
        }
        Ok(())
    }
}
