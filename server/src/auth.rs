//! The door: passwords, tokens, the cookie, the origin of a request.

pub mod cookie;
pub mod credential;
pub mod device;
pub mod key;
pub mod origin;
pub mod password;
pub mod password_work;
pub mod shut_out;
pub mod throttle;
pub mod token;

mod door;

pub use credential::Credential;
pub use door::{Door, DoorError, EMAIL_BYTES, Login, PASSWORD_BYTES};
