//! The trade: what a load, a stop and a carrier are, and what may happen to them.
//!
//! Pure values and rules. No I/O, no clock, no Leptos: everything here is the same in the browser
//! and on the server, and is tested without either.

pub mod bounds;
pub mod carrier;
pub mod day;
pub mod excursion;
pub mod facility;
pub mod geo;
pub mod id;
pub mod load;
pub mod load_filter;
pub mod local_time;
pub mod money;
pub mod notification;
pub mod position;
pub mod role;
pub mod sensor;
pub mod status;
pub mod stop;
#[cfg(test)]
pub mod test_cards;
pub mod time;
pub mod trip;
pub mod urgency;
