//! The command line.

use app::domain::role::Role;
use clap::{Parser, Subcommand};
use server::{
    backup::{self, BackupError},
    clock::Clock,
    operations::{self, NewUser},
    serve,
    settings::Settings,
    store::Database,
};
use std::{
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Parser)]
#[command(name = "headhaul", version, about = "The live front office of freight brokers and carriers")]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
    /// The settings file [default: Leptos.toml, if it is there]
    #[arg(long, global = true)]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages, the API and the sockets
    Serve {
        /// Seed the demo tenants once and drive their trucks; loopback only
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database's tables up to date, and stop
    Migrate,
    /// Tenants
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// People who can log in
    #[command(subcommand)]
    User(UserCommand),
    /// Tokens for scripts
    #[command(subcommand)]
    Token(TokenCommand),
    /// Write database and signing key into one file, while the server may run; changes nothing
    Backup {
        /// The file to write
        target: PathBuf,
    },
    /// Bring a backup back into the configured database, while no server runs
    Restore {
        /// The file to read
        file: PathBuf,
        /// Restore even if there are tenants in the database; it is kept beside
        #[arg(long)]
        replace: bool,
    },
}

#[derive(Subcommand)]
enum TenantCommand {
    /// Add a tenant
    Add {
        /// Its short name: lower-case letters, digits and hyphens
        slug: String,
        /// Its full name
        name: String,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add a member of staff; the password is read from standard input
    Add {
        /// The tenant's short name
        tenant: String,
        email: String,
        name: String,
        /// admin, ops_manager, dispatcher or support
        #[arg(value_parser = role)]
        role: Role,
    },
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Print a token for a person
    Issue { email: String },
}

fn role(code: &str) -> Result<Role, String> {
    Role::from_code(code).ok_or_else(|| "takes admin, ops_manager, dispatcher or support".into())
}

/// Runs the command; what went wrong goes to standard error.
pub async fn run() -> ExitCode {
    let CommandLine { command, config } = CommandLine::parse();
    server::logging::start();
    match execute(command, config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("headhaul: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn execute(command: Command, config: Option<PathBuf>) -> Result<(), Box<dyn std::error::Error>> {
    let settings = Settings::load(config.as_deref())?;
    if let Command::Serve { demo } = command {
        return Ok(serve::serve(settings, demo).await?);
    }
    match command {
        Command::Backup { target } => return Ok(back_up(&settings, &target).await?),
        Command::Restore { file, replace } => return Ok(restore(&settings, &file, replace).await?),
        _ => {}
    }
    let database = Database::open(&settings.database.url).await?;
    let done = match command {
        Command::Serve { .. } | Command::Backup { .. } | Command::Restore { .. } | Command::Migrate => {
            "The tables are up to date.".to_owned()
        }
        Command::Tenant(TenantCommand::Add { slug, name }) => {
            operations::add_tenant(&database, &slug, &name).await?.to_string()
        }
        Command::User(UserCommand::Add { tenant, email, name, role }) => {
            let mut password = String::new();
            std::io::stdin().read_to_string(&mut password)?;
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            let new = NewUser { tenant, email, name, role, password };
            operations::add_user(&database, new, &Clock::system()).await?.to_string()
        }
        Command::Token(TokenCommand::Issue { email }) => operations::issue_token(&settings, &database, &email).await?,
    };
    database.close().await;
    println!("{done}");
    Ok(())
}

async fn back_up(settings: &Settings, target: &Path) -> Result<(), BackupError> {
    let written = backup::back_up(settings, target, &Clock::system()).await?;
    println!("Written to {}: {} rows.", target.display(), written.rows);
    if written.header.key.is_none() {
        println!("It holds no key, since no server has made one yet.");
    }
    Ok(())
}

async fn restore(settings: &Settings, file: &Path, replace: bool) -> Result<(), BackupError> {
    let restored = backup::restore(settings, file, replace, &Clock::system()).await?;
    println!("Restored {} rows as of {}, and verified.", restored.rows, restored.taken_at);
    for kept in restored.kept {
        println!("What was there before is kept in {kept}; remove it once it is not needed.");
    }
    Ok(())
}
