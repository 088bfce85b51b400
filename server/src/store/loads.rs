//! Loads: reading cards, writing rows, numbering.

mod card;
mod search;
mod write;

pub use card::{Scope, board, find, list, lock};
pub use search::Search;
pub use write::{LoadRow, claim, delete, expired_tenders, insert, next_number, update};
