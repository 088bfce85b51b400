//! Loads: reading cards, writing rows, numbering.

mod board;
mod card;
mod write;

pub use board::board;
pub use card::{Scope, find, list, lock};
pub use write::{LoadRow, claim, delete, expired_tenders, insert, next_number, update};
