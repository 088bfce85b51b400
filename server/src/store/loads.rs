//! Loads: reading cards, writing rows, numbering.

mod board;
mod card;
mod search;
mod write;

pub use board::board;
pub use card::{Scope, active, count_by_status, find, list, lock};
pub use search::Search;
pub use write::{LoadRow, claim, delete, expired_tenders, insert, next_number, say_eta, update};
