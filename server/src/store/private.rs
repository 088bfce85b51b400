//! Files and folders for the account alone that the server runs as: they hold password hashes, keys, rates and chat.

use std::{
    fs::{DirBuilder, File, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;

/// Makes a folder with those above it. One that is there already stays as its owner made it.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER).create(folder)
}

/// Makes the server's own folder, or closes to others the one that is there.
pub fn create_or_close_folder(folder: &Path) -> io::Result<()> {
    create_folder(folder)?;
    close(folder, FOLDER)
}

/// Makes an empty file, or closes to others the one that is there.
pub fn create_or_close(file: &Path) -> io::Result<()> {
    match create_new(file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => close(file, FILE),
        created => created.map(drop),
    }
}

/// Makes an empty file where there is none.
fn create_new(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(FILE).open(file)
}

fn close(path: &Path, mode: u32) -> io::Result<()> {
    let now = std::fs::metadata(path)?.permissions().mode() & 0o777;
    if now & !mode == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, Permissions::from_mode(now & mode)).or_else(|error| {
        // Only its owner may do that; the server may be another account that is let in by its group.
        tracing::warn!(path = %path.display(), %error, "other accounts may read this");
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_made_is_for_its_owner_alone_and_what_was_open_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        create_or_close_folder(&data).unwrap();
        assert_eq!(mode(&data), 0o700);
        let file = data.join("headhaul.db");
        create_or_close(&file).unwrap();
        assert_eq!(mode(&file), 0o600);
        std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        std::fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
        create_or_close(&file).unwrap();
        create_or_close_folder(&data).unwrap();
        assert_eq!((mode(&file), mode(&data)), (0o600, 0o700));
        assert!(create_new(&file).is_err());
    }
}
