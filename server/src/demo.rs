//! The demo: invented companies with plausible freight, and a fleet that drives it.
//!
//! [`plan`] and [`fleet`] are pure: no I/O, no clock, no global chance; the same seed at the same `now` gives the same
//! data. `seed` writes the plan into the database, `drive` carries out what the fleet does.

mod dice;
mod drive;
mod driving;
mod fix;
pub mod fleet;
mod history;
mod logins;
mod notes;
mod places;
pub mod plan;
mod roads;
mod seed;
mod start;

pub use start::{DemoError, start};
