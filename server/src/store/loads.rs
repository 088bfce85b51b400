//! Loads: reading cards, writing rows, numbering.

mod card;
mod write;

pub use card::{Scope, active, board, count_by_status, find, list, lock};
pub use write::{LoadRow, claim, delete, expired_tenders, insert, next_number, say_eta, update};
