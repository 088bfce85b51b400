//! Where a client is, seen through the proxies that are trusted.
//!
//! A proxy that stands before the server is the peer of every connection. What it says of those behind it is believed
//! if it is one of `server.trusted_proxies`; from anybody else the same headers are taken out of the request, so that
//! whoever looks at them later may believe them.

use http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;
use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
pub const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The network address of whoever sent a request; an extension of the request, where it came over the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// What limits count by: an IPv4 address, or the network that one subscriber of IPv6 has for themselves.
    pub fn network(self) -> ClientNetwork {
        ClientNetwork(match self.0.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        })
    }
}

/// An IPv4 address, or a /64 of IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientNetwork(IpAddr);

/// The proxies whose word on their clients is taken.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// Reads addresses and networks such as `10.0.0.7` and `fd00::/8`; an error is the one that is neither.
    pub fn read(written: &[String]) -> Result<Self, String> {
        let net = |text: &String| {
            let net = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
            net.ok_or_else(|| text.clone())
        };
        written.iter().map(net).collect::<Result<_, _>>().map(Self)
    }

    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|net| net.contains(&address))
    }

    /// Finds out who the client is, and leaves nothing in the headers that can't be believed: `X-Forwarded-Proto` holds
    /// the client's scheme or is absent.
    ///
    /// `sender` is the connection's peer, or whom the PROXY protocol names in its place.
    pub fn settle(&self, sender: IpAddr, headers: &mut HeaderMap) -> ClientAddress {
        let sender = sender.to_canonical();
        if !self.trusts(sender) {
            headers.remove(FORWARDED_FOR);
            headers.remove(FORWARDED_PROTO);
            return ClientAddress(sender);
        }
        let (client, hops) = self.walk(sender, headers);
        let proto = proto_at(hops, headers);
        headers.remove(FORWARDED_FOR);
        match proto {
            Some(proto) => headers.insert(FORWARDED_PROTO, HeaderValue::from_static(proto)),
            None => headers.remove(FORWARDED_PROTO),
        };
        ClientAddress(client)
    }

    /// Each proxy appends whom it was called by, so the list is read from its end: past the proxies that are trusted to
    /// the first that is not. What stands before it was written by the client itself.
    fn walk(&self, sender: IpAddr, headers: &HeaderMap) -> (IpAddr, usize) {
        let mut client = sender;
        for (hop, entry) in items(headers, &FORWARDED_FOR).into_iter().rev().enumerate() {
            // Beyond what can't be read nobody is known.
            let Some(address) = read_address(entry) else { return (client, hop) };
            client = address;
            if !self.trusts(address) {
                return (client, hop + 1);
            }
        }
        (client, usize::MAX)
    }
}

/// Whether the client used HTTPS, as a trusted proxy says.
pub fn came_by_https(headers: &HeaderMap) -> bool {
    headers.get(FORWARDED_PROTO).is_some_and(|proto| proto == "https")
}

/// The scheme that the client used: proxies that append one each are read as far as they were trusted, one that tells
/// a single scheme is taken at its word.
fn proto_at(hops: usize, headers: &HeaderMap) -> Option<&'static str> {
    let protos = items(headers, &FORWARDED_PROTO);
    let proto = protos.iter().rev().nth(hops.saturating_sub(1)).or(protos.first())?;
    ["https", "http"].into_iter().find(|known| proto.eq_ignore_ascii_case(known))
}

fn items<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Vec<&'h str> {
    let values = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default());
    values.flat_map(|value| value.split(',')).map(str::trim).collect()
}

/// An address as proxies write it: alone, with a port, in brackets.
fn read_address(text: &str) -> Option<IpAddr> {
    let bare = || text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
    bare().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip())).map(|address| address.to_canonical())
}

#[cfg(test)]
#[path = "client_address_tests.rs"]
mod tests;
