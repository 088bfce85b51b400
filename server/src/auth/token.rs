//! Tokens: JWT signed with HMAC-SHA-256, and no other algorithm.

use crate::services::Caller;
use app::domain::{
    id::{CarrierId, DriverId, TenantId, UserId},
    load::Person,
    role::Role,
    time::Timestamp,
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize};

const ISSUER: &str = "headhaul";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub sub: UserId,
    /// The token's own id.
    pub jti: String,
    /// The session that began with a login and goes on with each refresh; revoked as a whole.
    pub sid: String,
    /// Seconds since 1970.
    pub iat: i64,
    pub exp: i64,
    /// The generation of the person's tokens.
    #[serde(default)]
    pub generation: i64,
    pub tenant: TenantId,
    pub role: Role,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<CarrierId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<DriverId>,
}

impl Claims {
    pub fn caller(&self) -> Caller {
        Caller {
            tenant: self.tenant,
            role: self.role,
            person: Some(Person { id: self.sub, name: self.name.clone() }),
            carrier: self.carrier,
            driver: self.driver,
            address: None,
        }
    }

    pub fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.exp.saturating_mul(1_000))
    }
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token is not valid")]
    Invalid,
    #[error("the token has expired")]
    Expired,
}

/// Signs and reads tokens.
#[derive(Clone)]
pub struct Tokens {
    signing: EncodingKey,
    reading: DecodingKey,
    validation: Validation,
}

impl Tokens {
    pub fn new(key: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        validation.leeway = 0;
        // The clock is passed in, so the end is judged here.
        validation.validate_exp = false;
        Self { signing: EncodingKey::from_secret(key), reading: DecodingKey::from_secret(key), validation }
    }

    pub fn issuer() -> String {
        ISSUER.to_owned()
    }

    pub fn sign(&self, claims: &Claims) -> Result<String, jsonwebtoken::errors::Error> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.signing)
    }

    /// Marks a message that is none of a token's.
    pub fn fingerprint(&self, message: &[u8]) -> Result<String, jsonwebtoken::errors::Error> {
        jsonwebtoken::crypto::sign(message, &self.signing, Algorithm::HS256)
    }

    /// Whether a mark was made of this message.
    pub fn is_fingerprint(&self, mark: &str, message: &[u8]) -> bool {
        jsonwebtoken::crypto::verify(mark, message, &self.reading, Algorithm::HS256).unwrap_or(false)
    }

    /// Reads a token whose signature, algorithm, issuer and end are right.
    pub fn read(&self, token: &str, now: Timestamp) -> Result<Claims, TokenError> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.reading, &self.validation)
            .map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => TokenError::Expired,
                _ => TokenError::Invalid,
            })?
            .claims;
        if claims.expires_at() <= now { Err(TokenError::Expired) } else { Ok(claims) }
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
