//! Letting people in and out.
//!
//! | variant | HTTP | code |
//! |---|---|---|
//! | `NoToken`, `TokenInQuery`, `TokensDisagree`, `InvalidToken`, `WrongPassword` | 401 | `unauthorized` |
//! | `Expired` | 401 | `expired` |
//! | `ForeignOrigin` | 403 | `forbidden_origin` |
//! | `TooManyLogins` | 429 | `rate_limited` |
//! | `Internal` | 500 | `internal` |

use super::{
    Credential,
    origin::Origins,
    password,
    shut_out::ShutOut,
    throttle::LoginThrottle,
    token::{Claims, TokenError, Tokens},
};
use crate::{
    clock::Clock,
    settings::Settings,
    store::{self, Database, StoreError, database::Dialect, users::User},
    stream::Room,
};
use app::domain::id::UserId;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, Uri};
use std::{net::IpAddr, path::Path, sync::Arc, time::Duration};
use tokio::sync::Semaphore;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DoorError {
    #[error("Log in first.")]
    NoToken,
    #[error("A token does not belong in the address; send it as a cookie or as Authorization: Bearer.")]
    TokenInQuery,
    #[error("The request carries two tokens that disagree; send one.")]
    TokensDisagree,
    #[error("The token is not valid. Log in again.")]
    InvalidToken,
    #[error("The login has expired. Log in again.")]
    Expired,
    #[error("Requests from this site are not accepted.")]
    ForeignOrigin,
    #[error("E-mail address or password is wrong.")]
    WrongPassword,
    #[error("Too many attempts. Try again in {} s.", .0.as_secs() + 1)]
    TooManyLogins(Duration),
    #[error("internal: {0}")]
    Internal(String),
}

impl From<StoreError> for DoorError {
    fn from(error: StoreError) -> Self {
        DoorError::Internal(error.to_string())
    }
}

impl From<TokenError> for DoorError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid => DoorError::InvalidToken,
            TokenError::Expired => DoorError::Expired,
        }
    }
}

/// The longest e-mail address there can be (RFC 5321), and a bound for passwords.
pub const EMAIL_BYTES: usize = 254;
pub const PASSWORD_BYTES: usize = 1_024;

/// How many passwords are checked at the same moment; each takes 19 MiB and a core.
const CHECKS: usize = 2;

/// A person who has just been let in.
#[derive(Debug, Clone)]
pub struct Login {
    pub user: User,
    pub token: String,
    pub claims: Claims,
}

/// Checks who comes in. One for the whole server.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    database: Database,
    clock: Clock,
    tokens: Tokens,
    token_ttl: i64,
    origins: Origins,
    throttle: LoginThrottle,
    checks: Semaphore,
    shut_out: ShutOut,
    /// The hash that is checked for an address that nobody has, so that its answer takes as long as any other.
    nobody: String,
}

impl Door {
    /// Reads or makes the signing key, and remembers what was revoked before.
    pub async fn open(settings: &Settings, database: Database, clock: Clock) -> Result<Self, DoorError> {
        let internal = |error: &dyn std::fmt::Display| DoorError::Internal(error.to_string());
        let data_dir: &Path = &settings.server.data_dir;
        let mut key = super::key::load_or_create(data_dir).map_err(|error| internal(&error))?;
        if database.dialect() == Dialect::Postgres {
            // Nodes that share a database accept one another's tokens.
            let shared = store::sessions::share_key(&database, &STANDARD.encode(&key)).await?;
            key = STANDARD.decode(shared).map_err(|error| internal(&error))?;
        }
        let shut_out = ShutOut::default();
        shut_out.read(&database, clock.now()).await?;
        let nobody = password::hash(&Uuid::new_v4().to_string()).map_err(|error| internal(&error))?;
        Ok(Self(Arc::new(Inner {
            tokens: Tokens::new(&key),
            token_ttl: settings.auth.token_ttl.millis() / 1_000,
            origins: Origins::new(&settings.server.public_url, &settings.server.allowed_origins),
            throttle: LoginThrottle::new(settings.limits.logins_per_minute),
            checks: Semaphore::new(CHECKS),
            shut_out,
            database,
            clock,
            nobody,
        })))
    }

    /// Lets a person in by e-mail address and password.
    pub async fn login(&self, email: &str, password: &str, address: Option<IpAddr>) -> Result<Login, DoorError> {
        let email = email.trim().to_lowercase();
        // Nobody has longer ones, and what strangers send must not fill the memory.
        if email.len() > EMAIL_BYTES || password.len() > PASSWORD_BYTES {
            return Err(DoorError::WrongPassword);
        }
        self.0.throttle.attempt(&email, address).map_err(DoorError::TooManyLogins)?;
        let user = store::users::find_by_email(&self.0.database, &email).await?;
        let hash = user.as_ref().map_or_else(|| self.0.nobody.clone(), |user| user.password_hash.clone());
        let fits = self.fits(password, hash).await?;
        match user {
            Some(user) if fits => self.issue(user, Uuid::new_v4().to_string()),
            _ => Err(DoorError::WrongPassword),
        }
    }

    /// The person, if this is their password. Attempts count as those of a login do.
    pub async fn check_password(
        &self,
        user: UserId,
        password: &str,
        address: Option<IpAddr>,
    ) -> Result<User, DoorError> {
        let user = self.user(user).await?;
        if password.len() > PASSWORD_BYTES {
            return Err(DoorError::WrongPassword);
        }
        self.0.throttle.attempt(&user.email, address).map_err(DoorError::TooManyLogins)?;
        if self.fits(password, user.password_hash.clone()).await? { Ok(user) } else { Err(DoorError::WrongPassword) }
    }

    async fn fits(&self, password: &str, hash: String) -> Result<bool, DoorError> {
        let password = password.to_owned();
        let _turn = self.0.checks.acquire().await.map_err(|error| DoorError::Internal(error.to_string()))?;
        Ok(tokio::task::spawn_blocking(move || password::verify(&password, &hash)).await.unwrap_or(false))
    }

    /// The hash of a new password.
    pub async fn hash(&self, password: String) -> Result<String, DoorError> {
        let _turn = self.0.checks.acquire().await.map_err(|error| DoorError::Internal(error.to_string()))?;
        let hashed = tokio::task::spawn_blocking(move || password::hash(&password)).await;
        let hashed = hashed.map_err(|error| DoorError::Internal(error.to_string()))?;
        hashed.map_err(|error| DoorError::Internal(error.to_string()))
    }

    /// A new token for the bearer of a valid one.
    pub async fn refresh(&self, claims: &Claims) -> Result<Login, DoorError> {
        let user = self.user(claims.sub).await?;
        self.issue(user, claims.sid.clone())
    }

    /// The person behind a token, as the database knows them now.
    pub async fn user(&self, user: UserId) -> Result<User, DoorError> {
        store::users::find(&self.0.database, user).await?.ok_or(DoorError::InvalidToken)
    }

    /// Makes all tokens of a session worthless before their end, even if the caller goes away meanwhile.
    pub async fn logout(&self, claims: &Claims) -> Result<(), DoorError> {
        let now = self.0.clock.now();
        let until = now.plus(self.0.token_ttl.saturating_mul(1_000)).max(claims.expires_at());
        self.0.shut_out.add_session(claims.sid.clone(), until, now);
        let (database, session) = (self.0.database.clone(), claims.sid.clone());
        let stored = tokio::spawn(async move { store::sessions::revoke(&database, &session, until).await });
        stored.await.map_err(|error| DoorError::Internal(error.to_string()))??;
        Ok(())
    }

    /// Makes the tokens of a person worthless that are of an earlier generation than this one.
    pub fn shut_out(&self, user: UserId, generation: i64) {
        self.0.shut_out.add_person(user, generation);
    }

    /// Reads who was shut out by another node. Returns the rooms of those who were not known here to be.
    pub async fn read_revocations(&self) -> Result<Vec<Room>, StoreError> {
        self.0.shut_out.read(&self.0.database, self.0.clock.now()).await
    }

    /// Whether a token was made worthless before its end.
    pub fn is_revoked(&self, claims: &Claims) -> bool {
        self.0.shut_out.holds(claims)
    }

    /// Who sends a request. With the cookie, the request must come from the site itself or one it allows.
    pub fn identify(&self, uri: &Uri, headers: &HeaderMap, handshake: Option<&str>) -> Result<Claims, DoorError> {
        let credential = Credential::find(uri, headers, handshake)?;
        if credential.by_cookie && !self.0.origins.accept(headers) {
            return Err(DoorError::ForeignOrigin);
        }
        self.read_token(&credential.token)
    }

    /// Reads a token that is valid now.
    pub fn read_token(&self, token: &str) -> Result<Claims, DoorError> {
        let claims = self.0.tokens.read(token, self.0.clock.now())?;
        if self.is_revoked(&claims) { Err(DoorError::InvalidToken) } else { Ok(claims) }
    }

    /// A mark of a message that nobody without the signing key can make or guess the message from. No token's signature
    /// as long as the message begins with a line.
    pub fn fingerprint(&self, message: &[u8]) -> Result<String, jsonwebtoken::errors::Error> {
        self.0.tokens.fingerprint(message)
    }

    /// Who opens a page by its cookie. From where the visitor was led here does not matter: a page changes nothing.
    pub fn recognise(&self, headers: &HeaderMap) -> Result<Claims, DoorError> {
        let token = super::cookie::read(headers).ok_or(DoorError::NoToken)?;
        self.read_token(token)
    }

    /// Whether a form may be posted from where this request comes.
    pub fn accepts_origin(&self, headers: &HeaderMap) -> bool {
        self.0.origins.accept(headers)
    }

    /// A token of a session, for a person whose identity is beyond doubt.
    pub fn issue(&self, user: User, session: String) -> Result<Login, DoorError> {
        let now = self.0.clock.now().millis() / 1_000;
        let claims = Claims {
            iss: Tokens::issuer(),
            sub: user.id,
            jti: Uuid::new_v4().to_string(),
            sid: session,
            iat: now,
            exp: now.saturating_add(self.0.token_ttl),
            generation: user.token_generation,
            tenant: user.tenant_id,
            role: user.role,
            name: user.name.clone(),
            carrier: user.carrier_id,
            driver: user.driver_id,
        };
        let token = self.0.tokens.sign(&claims).map_err(|error| DoorError::Internal(error.to_string()))?;
        Ok(Login { user, token, claims })
    }
}
