//! A private PostgreSQL in a temporary folder. It ends with the process that started it, however that ends.
//!
//! It listens on a socket in that folder and on no port: a port that is free when it is chosen may be somebody else's by
//! the time that the cluster has been made.

use std::{
    fs,
    io::Read,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{ChildStdin, Command, Stdio},
    sync::LazyLock,
};

/// PostgreSQL refuses to run as root; this account owns nothing and exists everywhere.
const NOBODY: u32 = 65_534;

const STARTS: usize = 3;

/// On a machine that is short of something it is tried again.
static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| {
    let mut said = Vec::new();
    for _ in 0..STARTS {
        match Cluster::start(|_| "-c listen_addresses=".into()) {
            Ok(cluster) => return cluster,
            Err(reason) => said.push(reason),
        }
    }
    panic!("PostgreSQL did not start: {}", said.join("\n"));
});

struct Cluster {
    folder: PathBuf,
}

/// The URL of a new, empty database.
pub async fn new_database() -> String {
    use sqlx::Connection;
    sqlx::any::install_default_drivers();
    let name = format!("t{}", uuid::Uuid::new_v4().simple());
    let mut connection =
        sqlx::AnyConnection::connect(&CLUSTER.url("postgres")).await.expect("the cluster takes connections");
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    CLUSTER.url(&name)
}

/// Starts a cluster of a test's own that listens on loopback, at the port that is returned. `furnish` puts what it needs
/// into its folder and gives its options. It ends with the process, too.
pub fn start_on_loopback(furnish: impl Fn(&Path) -> String) -> u16 {
    for _ in 0..5 {
        // Free now; whoever takes it first has it.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let options = |folder: &Path| format!("-c listen_addresses=127.0.0.1 -c port={port} {}", furnish(folder));
        if Cluster::start(options).is_ok() {
            return port;
        }
    }
    panic!("no port was free for PostgreSQL")
}

impl Cluster {
    /// The cluster, or what its log says.
    fn start(options: impl Fn(&Path) -> String) -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("headhaul-postgres-").tempdir().unwrap().keep();
        let data = folder.join("data");
        give_to_nobody(&folder);
        let made = as_nobody(&program("initdb"))
            .args(["--no-sync", "--auth=trust", "--username=headhaul", "--encoding=UTF8", "-D"])
            .arg(&data)
            .output()
            .unwrap();
        if !made.status.success() {
            fs::remove_dir_all(&folder).ok();
            return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr)));
        }
        let options = options(&folder);
        let socket = format!("-c unix_socket_directories={}", folder.display());
        let started = as_nobody(&program("pg_ctl"))
            .args(["start", "--wait", "--silent", "-D"])
            .arg(&data)
            .arg("-l")
            .arg(folder.join("log"))
            .args(["-o", &format!("{socket} -c fsync=off -c max_connections=200 {options}")])
            .stdout(Stdio::null())
            .status()
            .unwrap();
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        // It also stops a server that is still on its way when pg_ctl has given up.
        let guardian = guard(&data, &folder);
        if !started.success() {
            drop(guardian);
            return Err(format!("pg_ctl start: {log}"));
        }
        // The pipe closes when this process ends; until then it must stay open.
        std::mem::forget(guardian);
        Ok(Self { folder })
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://headhaul@localhost/{database}?host={}", self.folder.display())
    }
}

/// Leaves behind a process that stops the cluster and removes its folder once the pipe to it, which this gives, is
/// closed; so nobody waits for it.
#[allow(clippy::zombie_processes)]
fn guard(data: &Path, folder: &Path) -> Option<ChildStdin> {
    let mut guardian = as_nobody(Path::new("sh"));
    guardian
        .args(["-c", r#"cat >/dev/null; "$0" stop --mode=immediate --silent -D "$1"; rm -rf "$2""#])
        .arg(program("pg_ctl"))
        .args([data, folder])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    guardian.spawn().unwrap().stdin
}

fn as_nobody(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").env("LC_ALL", "C");
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

pub fn give_to_nobody(folder: &Path) {
    if is_root() {
        chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

fn is_root() -> bool {
    let mut status = String::new();
    fs::File::open("/proc/self/status").unwrap().read_to_string(&mut status).unwrap();
    status.lines().any(|line| line.starts_with("Uid:\t0\t"))
}

/// On the PATH, or where Debian keeps it.
fn program(name: &str) -> PathBuf {
    let on_path = std::env::var_os("POSTGRES_BIN").into_iter().chain(std::env::var_os("PATH"));
    let folders: Vec<PathBuf> = on_path.flat_map(|paths| std::env::split_paths(&paths).collect::<Vec<_>>()).collect();
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let found = folders.into_iter().chain(debian).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{name} of PostgreSQL is not installed; `make setup` does it"))
}
