//! Headers of the PROXY protocol: those of the specification, cut short, and malformed.

use super::*;

fn version_2(command: u8, family: u8, addresses: &[u8]) -> Vec<u8> {
    let length = u16::try_from(addresses.len()).unwrap().to_be_bytes();
    [SIGNATURE_2, &[0x20 | command, family], &length, addresses].concat()
}

fn ipv4() -> Vec<u8> {
    version_2(1, 0x11, &[203, 0, 113, 7, 10, 0, 0, 1, 0xdc, 0x04, 0x01, 0xbb])
}

fn ipv6() -> Vec<u8> {
    let (source, own): (Ipv6Addr, Ipv6Addr) = ("2001:db8::7".parse().unwrap(), "fd00::1".parse().unwrap());
    version_2(1, 0x21, &[&source.octets()[..], &own.octets(), &[0xdc, 0x04, 0x01, 0xbb], b"\x04\x00\x01x"].concat())
}

#[test]
fn a_header_names_the_client_and_ends_where_the_request_begins() {
    for (header, source) in [
        (b"PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\r\n".to_vec(), Some("203.0.113.7:56324")),
        (b"PROXY TCP6 2001:db8::7 fd00::1 56324 443\r\n".to_vec(), Some("[2001:db8::7]:56324")),
        (b"PROXY UNKNOWN\r\n".to_vec(), None),
        (b"PROXY UNKNOWN ffff::1 ffff::1 1 2\r\n".to_vec(), None),
        (ipv4(), Some("203.0.113.7:56324")),
        (ipv6(), Some("[2001:db8::7]:56324")),
        (version_2(0, 0, &[]), None),
        (version_2(1, 0, &[1, 2, 3]), None),
    ] {
        let bytes = [&header[..], b"GET / HTTP/1.1\r\n"].concat();
        let source = source.map(|source| source.parse().unwrap());
        assert_eq!(read(&bytes).unwrap(), Some((header.len(), source)), "{header:?}");
        for cut in 0..header.len() {
            assert_eq!(read(&header[..cut]).unwrap(), None, "{cut} bytes of {header:?}");
        }
    }
}

#[test]
fn what_is_malformed_is_an_error_and_not_waited_for() {
    for bytes in [
        b"GET / HTTP/1.1\r\n".to_vec(),
        b"PROXY TCP4 203.0.113.7 10.0.0.1 56324\r\n".to_vec(),
        b"PROXY TCP4 2001:db8::7 fd00::1 1 2\r\n".to_vec(),
        b"PROXY TCP4 203.0.113.7 10.0.0.1 70000 443\r\n".to_vec(),
        b"PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\n".to_vec(),
        b"PROXY UDP4 203.0.113.7 10.0.0.1 56324 443\r\n".to_vec(),
        [&b"PROXY "[..], &[b'x'; 200]].concat(),
        version_2(2, 0x11, &[0; 12]),
        version_2(1, 0x11, &[0; 11]),
        version_2(1, 0x21, &[0; 33]),
        [SIGNATURE_2, &[0x11, 0x11, 0, 12], &[0; 12]].concat(),
        [SIGNATURE_2, &[0x21, 0x11, 0xff, 0xff]].concat(),
    ] {
        assert!(read(&bytes).is_err(), "{bytes:?}");
    }
}
