//! The file of a backup: written beside its name and whole before it has it; read only after its checksum was.

use super::{BackupError, Content, Footer, Header, hexadecimal};
use crate::store::backup::Table;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

pub struct Writer {
    file: BufWriter<File>,
    hash: Sha256,
    partial: PathBuf,
    target: PathBuf,
    is_finished: bool,
}

impl Writer {
    /// Begins a file that nobody but its owner can read.
    pub fn create(target: &Path) -> Result<Self, BackupError> {
        let partial = PathBuf::from(format!("{}.partial", target.display()));
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial);
        let file = file.map_err(|cause| BackupError::File { path: partial.clone(), cause })?;
        let (file, hash) = (BufWriter::with_capacity(1 << 18, file), Sha256::new());
        Ok(Self { file, hash, partial, target: target.to_owned(), is_finished: false })
    }

    pub fn line(&mut self, value: &impl Serialize) -> Result<(), BackupError> {
        let text = serde_json::to_vec(value).map_err(|error| self.failed(error.into()))?;
        self.raw(&text)
    }

    pub fn raw(&mut self, text: &[u8]) -> Result<(), BackupError> {
        self.hash.update(text);
        self.hash.update(b"\n");
        self.file.write_all(text).and_then(|()| self.file.write_all(b"\n")).map_err(|cause| self.failed(cause))
    }

    /// Writes the end through to the disk, and gives the file its name.
    pub fn finish(mut self, tables: BTreeMap<String, Content>) -> Result<(), BackupError> {
        let footer = Footer { tables, sha256: hexadecimal(&self.hash.clone().finalize()) };
        self.line(&footer)?;
        let named = self.file.flush().and_then(|()| self.file.get_ref().sync_all()).and_then(|()| {
            // Unlike a rename, this takes nothing from a file that has come by the name meanwhile.
            fs::hard_link(&self.partial, &self.target)?;
            fs::remove_file(&self.partial)?;
            let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        });
        named.map_err(|cause| self.failed(cause))?;
        self.is_finished = true;
        Ok(())
    }

    fn failed(&self, cause: io::Error) -> BackupError {
        BackupError::File { path: self.target.clone(), cause }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.is_finished {
            let _ = fs::remove_file(&self.partial);
        }
    }
}

/// A backup that is whole.
pub struct Reader {
    path: PathBuf,
    lines: Lines,
    pub header: Header,
    pub footer: Footer,
}

/// What comes next in a backup.
pub enum Line {
    Table(Table),
    Row(Vec<u8>),
}

impl Reader {
    /// Reads the whole file once, to see that nothing is missing and nothing was changed.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let failed = |cause| BackupError::File { path: path.to_owned(), cause };
        let damaged = |problem: &str| BackupError::Damaged { path: path.to_owned(), problem: problem.into() };
        let mut lines = Lines::open(path).map_err(failed)?;
        let first = lines.next().map_err(failed)?;
        let header = first.as_deref().and_then(parsed::<Header>);
        let header = header.ok_or_else(|| BackupError::NotABackup(path.to_owned()))?;
        let mut hash = Sha256::new();
        let mut last = first.unwrap_or_default();
        while let Some(line) = lines.next().map_err(failed)? {
            hash.update(&last);
            hash.update(b"\n");
            last = line;
        }
        let footer: Footer = parsed(&last).ok_or_else(|| damaged("its end is missing"))?;
        if footer.sha256 != hexadecimal(&hash.finalize()) {
            return Err(damaged("its checksum is another"));
        }
        let mut lines = Lines::open(path).map_err(failed)?;
        lines.next().map_err(failed)?;
        Ok(Self { path: path.to_owned(), lines, header, footer })
    }

    /// What follows; `None` at the footer.
    pub fn next(&mut self) -> Result<Option<Line>, BackupError> {
        let line = self.lines.next().map_err(|cause| BackupError::File { path: self.path.clone(), cause })?;
        Ok(line.and_then(|line| match line.first() {
            Some(b'[') => Some(Line::Row(line)),
            _ => parsed(&line).map(Line::Table),
        }))
    }

    pub fn damaged(&self, problem: impl ToString) -> BackupError {
        BackupError::Damaged { path: self.path.clone(), problem: problem.to_string() }
    }
}

fn parsed<T: DeserializeOwned>(line: &[u8]) -> Option<T> {
    serde_json::from_slice(line).ok()
}

struct Lines(BufReader<File>);

impl Lines {
    fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(BufReader::with_capacity(1 << 18, File::open(path)?)))
    }

    /// The next line, without its end.
    fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        if self.0.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        Ok(Some(line))
    }
}
