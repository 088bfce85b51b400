//! The PROXY protocol, versions 1 and 2, as HAProxy's specification has it: how a balancer that passes bytes on names
//! the client before the first of them.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

const SIGNATURE_2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
const HEAD_2: usize = SIGNATURE_2.len() + 4;
/// Larger headers than this carry what no balancer has to say, in bytes.
const LARGEST_2: usize = 4_096;
const SIGNATURE_1: &[u8] = b"PROXY ";
/// The longest line there can be, with its end.
const LONGEST_1: usize = 107;

/// The length of the header that these bytes begin with, and the client that it names, if it names one. Nothing as long
/// as the header is not whole; an error where it is none.
pub fn read(bytes: &[u8]) -> io::Result<Option<(usize, Option<SocketAddr>)>> {
    if begins_like(bytes, SIGNATURE_2) {
        return read_2(bytes);
    }
    if begins_like(bytes, SIGNATURE_1) {
        return read_1(bytes);
    }
    Err(malformed("no PROXY header"))
}

/// Whether these bytes begin with a signature, as far as they go.
fn begins_like(bytes: &[u8], signature: &[u8]) -> bool {
    let known = bytes.len().min(signature.len());
    bytes[..known] == signature[..known]
}

fn malformed(problem: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

/// `PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\r\n`
fn read_1(bytes: &[u8]) -> io::Result<Option<(usize, Option<SocketAddr>)>> {
    let Some(end) = bytes.iter().take(LONGEST_1).position(|byte| *byte == b'\n') else {
        return if bytes.len() < LONGEST_1 { Ok(None) } else { Err(malformed("a PROXY line without an end")) };
    };
    let line = std::str::from_utf8(&bytes[..end]).ok().and_then(|line| line.strip_suffix('\r'));
    let line = line.ok_or_else(|| malformed("a PROXY line that is no text"))?;
    let words: Vec<&str> = line.split(' ').collect();
    let source = match words[..] {
        ["PROXY", "UNKNOWN", ..] => None,
        ["PROXY", family @ ("TCP4" | "TCP6"), source, destination, port, own_port] => {
            let address = |text: &str| text.parse::<IpAddr>().ok().filter(|ip| ip.is_ipv4() == (family == "TCP4"));
            let ports = port.parse::<u16>().ok().zip(own_port.parse::<u16>().ok());
            let named = address(source).zip(address(destination)).zip(ports);
            let ((source, _), (port, _)) = named.ok_or_else(|| malformed("a PROXY line with bad addresses"))?;
            Some(SocketAddr::new(source, port))
        }
        _ => return Err(malformed("a PROXY line that can't be read")),
    };
    Ok(Some((end + 1, source)))
}

fn read_2(bytes: &[u8]) -> io::Result<Option<(usize, Option<SocketAddr>)>> {
    let Some(&[version_and_command, family, high, low]) = bytes.get(SIGNATURE_2.len()..HEAD_2) else {
        return Ok(None);
    };
    let length = HEAD_2 + usize::from(u16::from_be_bytes([high, low]));
    if version_and_command >> 4 != 2 || length > LARGEST_2 {
        return Err(malformed("a PROXY header that can't be read"));
    }
    let Some(addresses) = bytes.get(HEAD_2..length) else { return Ok(None) };
    let source = match (version_and_command & 0x0f, family) {
        // The proxy itself, which looks whether the server is there.
        (0, _) => None,
        (1, 0x11) => {
            let &[a, b, c, d, _, _, _, _, high, low, _, _, ..] = addresses else {
                return Err(malformed("a PROXY header too short for its addresses"));
            };
            Some((IpAddr::V4(Ipv4Addr::new(a, b, c, d)), [high, low]))
        }
        (1, 0x21) => {
            let address = addresses.first_chunk::<16>().zip(addresses.get(32..36));
            let Some((address, &[high, low, _, _])) = address else {
                return Err(malformed("a PROXY header too short for its addresses"));
            };
            Some((IpAddr::V6(Ipv6Addr::from_octets(*address)), [high, low]))
        }
        // Another kind of address than those of the internet.
        (1, _) => None,
        _ => return Err(malformed("a PROXY header with an unknown command")),
    };
    Ok(Some((length, source.map(|(address, port)| SocketAddr::new(address, u16::from_be_bytes(port))))))
}

#[cfg(test)]
#[path = "proxy_protocol_tests.rs"]
mod tests;
