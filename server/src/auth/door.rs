//! Letting people in and out.
//!
//! | variant | HTTP | code |
//! |---|---|---|
//! | `NoToken`, `TokenInQuery`, `TokensDisagree`, `InvalidToken`, `WrongPassword` | 401 | `unauthorized` |
//! | `Expired` | 401 | `expired` |
//! | `ForeignOrigin` | 403 | `forbidden_origin` |
//! | `TooManyLogins` | 429 | `rate_limited` |
//! | `Busy` | 503 | `unavailable` |
//! | `Internal` | 500 | `internal` |

use super::{
    Credential, device,
    origin::Origins,
    password,
    password_work::{NotDone, PasswordWork},
    shut_out::ShutOut,
    throttle::{self, LoginThrottle},
    token::{Claims, TokenError, Tokens},
};
use crate::{
    client_address::ClientAddress,
    clock::Clock,
    metrics::THROTTLED,
    services::{self, Noted},
    settings::Settings,
    store::{self, Database, StoreError, database::Dialect, users::User},
    stream::Room,
};
use app::{
    api::audit::{AuditAction, AuditEntry},
    domain::{
        id::{TenantId, UserId},
        load::Person,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, Uri};
use serde_json::json;
use std::{path::Path, sync::Arc, time::Duration};
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
    #[error("Too many people log in at this moment. Try again in a second.")]
    Busy,
    #[error("internal: {0}")]
    Internal(String),
}

impl From<StoreError> for DoorError {
    fn from(error: StoreError) -> Self {
        DoorError::Internal(error.to_string())
    }
}

impl From<NotDone> for DoorError {
    fn from(reason: NotDone) -> Self {
        match reason {
            NotDone::TooMany => DoorError::Busy,
            NotDone::Failed => DoorError::Internal("the work of a password ended early".into()),
        }
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

/// How long a login waits until it is in the audit trail.
const NOTING: Duration = Duration::from_secs(2);

/// How many passwords are checked at the same moment.
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
    checks: PasswordWork,
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
            checks: PasswordWork::new(CHECKS, settings.limits.waiting_logins),
            shut_out,
            database,
            clock,
            nobody,
        })))
    }

    /// Lets a person in by e-mail address and password. `headers` are those of the request.
    pub async fn login(
        &self,
        email: &str,
        password: &str,
        address: Option<ClientAddress>,
        headers: &HeaderMap,
    ) -> Result<Login, DoorError> {
        let email = normal_form(email);
        // Nobody has longer ones, and what strangers send must not fill the memory.
        if email.len() > EMAIL_BYTES || password.len() > PASSWORD_BYTES {
            return Err(DoorError::WrongPassword);
        }
        let known_device = device::find(headers, &email, &self.0.tokens);
        let origin = throttle::Origin { address, known_device };
        self.0.throttle.attempt(&email, origin).map_err(too_many)?;
        let user = store::users::find_by_email(&self.0.database, &email).await?;
        let hash = user.as_ref().map_or_else(|| self.0.nobody.clone(), |user| user.password_hash.clone());
        let fits = self.fits(password, hash).await?;
        let Some(user) = user else { return Err(DoorError::WrongPassword) };
        let noted = if fits { Noted::new(AuditAction::Login) } else { Noted::new(AuditAction::LoginFailed) };
        let noted = noted.of("user", user.id).with(json!({ "email": user.email }));
        // Whoever fails is not known to be this person.
        let actor = fits.then(|| Person { id: user.id, name: user.name.clone() });
        let noting = self.note(user.tenant_id, noted.by(actor, address.map(|address| address.0), self.0.clock.now()));
        // Whoever fails is answered as soon as a stranger, of whom nothing is noted.
        if fits {
            noting.await;
        }
        if fits { self.issue(user, Uuid::new_v4().to_string()) } else { Err(DoorError::WrongPassword) }
    }

    /// Notes who came. It is done even if the caller goes away, and nobody is kept out because the database is slow.
    fn note(&self, tenant: TenantId, entry: AuditEntry) -> impl Future<Output = ()> + use<> {
        let database = self.0.database.clone();
        let noting = tokio::spawn(async move {
            if let Err(error) = services::append_audit(&database, tenant, &entry).await {
                tracing::error!(%error, action = entry.action.code(), "the audit trail has a gap");
            }
        });
        async move {
            let _ = tokio::time::timeout(NOTING, noting).await;
        }
    }

    /// `Set-Cookie` for the device on which a person has just logged in; none where it is known as theirs already.
    pub fn device_cookie(&self, headers: &HeaderMap, user: &User, secure: bool) -> Option<String> {
        if device::find(headers, &user.email, &self.0.tokens).is_some() {
            return None;
        }
        device::set(&user.email, &self.0.tokens, secure)
            .inspect_err(|error| tracing::error!(%error, "a device could not be marked"))
            .ok()
    }

    /// The person, if this is their password. Attempts count by the person: none at the login's form use them up.
    pub async fn check_password(&self, user: UserId, password: &str) -> Result<User, DoorError> {
        let user = self.user(user).await?;
        if password.len() > PASSWORD_BYTES {
            return Err(DoorError::WrongPassword);
        }
        self.0.throttle.attempt_of_user(user.id).map_err(too_many)?;
        if self.fits(password, user.password_hash.clone()).await? { Ok(user) } else { Err(DoorError::WrongPassword) }
    }

    async fn fits(&self, password: &str, hash: String) -> Result<bool, DoorError> {
        let password = password.to_owned();
        Ok(self.0.checks.run(move || password::verify(&password, &hash)).await?)
    }

    /// The hash of a new password.
    pub async fn hash(&self, password: String) -> Result<String, DoorError> {
        let hashed = self.0.checks.run(move || password::hash(&password)).await?;
        hashed.map_err(|error| DoorError::Internal(error.to_string()))
    }

    /// A new token for the bearer of a valid one.
    pub async fn refresh(&self, claims: &Claims) -> Result<Login, DoorError> {
        let user = self.current_user(claims).await?;
        self.issue(user, claims.sid.clone())
    }

    /// The person behind a token, if the database, too, says that it is valid: what was revoked elsewhere may not be known
    /// here yet.
    pub async fn current_user(&self, claims: &Claims) -> Result<User, DoorError> {
        if store::sessions::is_revoked(&self.0.database, &claims.sid).await? {
            return Err(DoorError::InvalidToken);
        }
        // Read after the session, and compared as it was read: what is issued to this person is of this generation.
        let user = self.user(claims.sub).await?;
        if user.token_generation != claims.generation {
            self.shut_out(user.id, user.token_generation);
            return Err(DoorError::InvalidToken);
        }
        Ok(user)
    }

    /// The person behind a token, as the database knows them now.
    pub async fn user(&self, user: UserId) -> Result<User, DoorError> {
        store::users::find(&self.0.database, user).await?.ok_or(DoorError::InvalidToken)
    }

    /// Makes all tokens of a session worthless before their end, even if the caller goes away meanwhile.
    pub async fn logout(&self, claims: &Claims, address: Option<ClientAddress>) -> Result<(), DoorError> {
        let now = self.0.clock.now();
        let until = now.plus(self.0.token_ttl.saturating_mul(1_000)).max(claims.expires_at());
        self.0.shut_out.add_session(claims.sid.clone(), until, now);
        let (database, session, tenant) = (self.0.database.clone(), claims.sid.clone(), claims.tenant);
        let actor = Person { id: claims.sub, name: claims.name.clone() };
        let noted = Noted::new(AuditAction::Logout).of("session", &session);
        let entry = noted.by(Some(actor), address.map(|address| address.0), now);
        let stored = tokio::spawn(async move {
            let mut tx = database.begin_write().await?;
            store::sessions::revoke(&mut tx, &session, until, now).await?;
            store::audit::insert(&mut tx, tenant, &entry).await?;
            store::commit(tx).await
        });
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

    /// Whether this is the origin of the site as it is configured, or of one that may use its cookie.
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.0.origins.allows(origin)
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

fn too_many(wait: Duration) -> DoorError {
    metrics::counter!(THROTTLED, "limit" => "logins").increment(1);
    DoorError::TooManyLogins(wait)
}

/// An e-mail address as it is stored.
fn normal_form(email: &str) -> String {
    email.trim().to_lowercase()
}
