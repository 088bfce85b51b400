//! Servers that this one speaks to, PostgreSQL and Redis: what leaves the machine is encrypted.

use std::net::IpAddr;

/// Whether what is sent to a host leaves this machine, so that it is encrypted unless the settings say otherwise.
///
/// `host` is a name, an address (one of IPv6 with brackets or without), or the path of a socket. Only loopback and
/// sockets stay here: a private network is somebody's cable.
pub fn must_be_encrypted(host: &str) -> bool {
    if host.is_empty() || host.starts_with('/') {
        return false;
    }
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    match bare.parse::<IpAddr>() {
        Ok(address) => !address.to_canonical().is_loopback(),
        Err(_) => !bare.trim_end_matches('.').eq_ignore_ascii_case("localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_on_the_machine_may_be_plain() {
        for host in ["", "/var/run/postgresql", "localhost", "LocalHost.", "127.0.0.1", "127.8.9.1", "::1", "[::1]"] {
            assert!(!must_be_encrypted(host), "{host}");
        }
        assert!(!must_be_encrypted("::ffff:127.0.0.1"));
    }

    #[test]
    fn what_leaves_it_is_encrypted() {
        for host in ["db", "localhost.example.com", "10.0.0.7", "192.168.1.4", "[2001:db8::1]", "fe80::1", "128.0.0.1"]
        {
            assert!(must_be_encrypted(host), "{host}");
        }
    }
}
