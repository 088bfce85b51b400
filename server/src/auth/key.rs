//! The key that signs tokens: made at the first start, kept in the data directory for its owner alone.

use crate::store::private;
use base64::{Engine, prelude::BASE64_STANDARD};
use std::{
    fs::OpenOptions,
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// The file's name in the data directory: 32 random bytes in base64.
pub const FILE: &str = "auth.key";

const BYTES: usize = 32;

/// Reads the key, or makes one where there is none.
pub fn load_or_create(data_dir: &Path) -> io::Result<Vec<u8>> {
    private::create_or_close_folder(data_dir)?;
    let path = data_dir.join(FILE);
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    match created {
        Ok(mut file) => {
            let key: [u8; BYTES] = rand::random();
            file.write_all(BASE64_STANDARD.encode(key).as_bytes())?;
            file.sync_all()?;
            Ok(key.to_vec())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read(&path),
        Err(error) => Err(error),
    }
}

/// The key, where there is one.
pub fn read_if_there(data_dir: &Path) -> io::Result<Option<Vec<u8>>> {
    match read(&data_dir.join(FILE)) {
        Ok(key) => Ok(Some(key)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts another key in the place of the one that is there, which is kept under a name with `stamp`. Returns where; `None`
/// where there was none, or the same.
pub fn replace(data_dir: &Path, key: &[u8], stamp: &str) -> io::Result<Option<PathBuf>> {
    private::create_or_close_folder(data_dir)?;
    let (path, new) = (data_dir.join(FILE), data_dir.join(format!("{FILE}.restoring")));
    if matches!(read(&path), Ok(there) if there == key) {
        return Ok(None);
    }
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(BASE64_STANDARD.encode(key).as_bytes())?;
    file.sync_all()?;
    let kept = data_dir.join(format!("{FILE}.before-restore-{stamp}"));
    let kept = match std::fs::rename(&path, &kept) {
        Ok(()) => Some(kept),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    std::fs::rename(&new, &path)?;
    Ok(kept)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = String::new();
    std::fs::File::open(path)?.read_to_string(&mut text)?;
    let key = BASE64_STANDARD.decode(text.trim()).ok().filter(|key| key.len() == BYTES);
    key.ok_or_else(|| {
        let message = format!(
            "{} does not hold {BYTES} bytes in base64; restore it, or remove it (with SQLite, that logs everybody out)",
            path.display()
        );
        io::Error::new(io::ErrorKind::InvalidData, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn is_made_once_and_only_its_owner_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let key = load_or_create(folder.path()).unwrap();
        assert_eq!(key.len(), BYTES);
        assert_eq!(load_or_create(folder.path()).unwrap(), key);
        let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_stops_the_start_instead_of_being_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "short").unwrap();
        let error = load_or_create(folder.path()).unwrap_err();
        assert!(error.to_string().contains("auth.key does not hold 32 bytes"), "{error}");
        assert_eq!(std::fs::read_to_string(folder.path().join(FILE)).unwrap(), "short");
    }
}
