//! Loads: reading cards, writing rows, numbering.

mod card;
mod write;

pub use card::{Scope, board, find, list, lock};
pub use write::{LoadRow, claim, delete, expired_tenders, insert, next_number, say_eta, update};
