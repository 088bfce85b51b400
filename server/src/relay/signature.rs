//! Letters are signed: whoever may publish on the Redis is not thereby a node of this database.
//!
//! On the wire: the version, the signature and the letter, with a point between. The name of the channel comes from the
//! database as well, so that nodes of a copy that use the same Redis hear nothing of the original.

use crate::store::identity::Identity;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Of the letters of this release. Nodes of others are not heard.
const VERSION: &str = "2";

/// What the letters of one database are signed with.
#[derive(Clone)]
pub struct Signer {
    channel: String,
    mac: Hmac<Sha256>,
}

/// Why a letter is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejected {
    /// Of another release, or no letter at all.
    Version,
    Signature,
    /// Signed and not understood.
    Unreadable,
    /// Older than the nodes' clocks may be apart, or from the future.
    Stale,
    /// It was heard before.
    Repeated,
}

impl Rejected {
    /// As it is counted.
    pub fn reason(self) -> &'static str {
        match self {
            Rejected::Version => "version",
            Rejected::Signature => "signature",
            Rejected::Unreadable => "unreadable",
            Rejected::Stale => "stale",
            Rejected::Repeated => "repeated",
        }
    }
}

impl Signer {
    /// # Errors
    /// Where the key can't be one.
    pub fn new(identity: &Identity) -> Result<Self, hmac::digest::InvalidLength> {
        let database = format!("{}\n{}", identity.name, identity.place);
        let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(database.as_bytes()));
        let mut mac = Hmac::<Sha256>::new_from_slice(&identity.relay_key)?;
        // Nothing else that is signed with this key, if ever there is, begins like a letter.
        mac.update(format!("letter {VERSION} {digest}\n").as_bytes());
        Ok(Self { channel: format!("headhaul:{VERSION}:{digest}"), mac })
    }

    /// Where the nodes of the database speak.
    pub fn channel(&self) -> &str {
        &self.channel
    }

    /// A letter as it is sent.
    pub fn sign(&self, letter: &str) -> String {
        let mac = self.mac.clone().chain_update(letter.as_bytes());
        format!("{VERSION}.{}.{letter}", BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    /// The letter, if a node of this database and this release has written it.
    pub fn verify<'a>(&self, sent: &'a str) -> Result<&'a str, Rejected> {
        let (version, rest) = sent.split_once('.').ok_or(Rejected::Version)?;
        if version != VERSION {
            return Err(Rejected::Version);
        }
        let (signature, letter) = rest.split_once('.').ok_or(Rejected::Signature)?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| Rejected::Signature)?;
        let mac = self.mac.clone().chain_update(letter.as_bytes());
        mac.verify_slice(&signature).map_err(|_| Rejected::Signature)?;
        Ok(letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(name: &str, place: &str, key: u8) -> Signer {
        Signer::new(&Identity { name: name.into(), place: place.into(), relay_key: vec![key; 32] }).unwrap()
    }

    #[test]
    fn a_letter_is_read_by_nodes_of_its_database_alone() {
        let signer_here = signer("a", "1", 1);
        let sent = signer_here.sign(r#"{"x":"1.2"}"#);
        assert_eq!(signer("a", "1", 1).verify(&sent), Ok(r#"{"x":"1.2"}"#));
        for other in [signer("a", "1", 2), signer("b", "1", 1), signer("a", "2", 1)] {
            assert_eq!(other.verify(&sent), Err(Rejected::Signature));
        }
        let channel = signer_here.channel();
        assert_ne!(signer("b", "1", 1).channel(), channel);
        assert_ne!(signer("a", "2", 1).channel(), channel, "a copy that was restored elsewhere");
    }

    #[test]
    fn what_was_changed_on_its_way_is_no_letter() {
        let signer = signer("a", "", 1);
        let sent = signer.sign("{}");
        for (forged, why) in [
            (sent.replace("{}", "{ }"), Rejected::Signature),
            (sent.replacen('2', "3", 1), Rejected::Version),
            ("2.{}".into(), Rejected::Signature),
            ("2..{}".into(), Rejected::Signature),
            (r#"{"from":"00000000-0000-0000-0000-000000000000","message":"Alive"}"#.into(), Rejected::Version),
            (String::new(), Rejected::Version),
        ] {
            assert_eq!(signer.verify(&forged), Err(why), "{forged}");
        }
    }
}
