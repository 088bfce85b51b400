//! Native entry: the command line, the settings, and the server.

#[cfg(feature = "ssr")]
mod command_line;

#[cfg(feature = "ssr")]
#[tokio::main]
async fn main() -> std::process::ExitCode {
    command_line::run().await
}

#[cfg(not(feature = "ssr"))]
fn main() {
    eprintln!("Built without the feature `ssr`, which is the server.");
}
