//! Loads: reading cards, writing rows, numbering.

mod board;
mod card;
mod search;
mod write;

pub use board::board;
pub use card::{Scope, active, count_by_status, find, find_all, list, lock};
pub use search::Search;
pub use write::{
    ExpiredTender, LoadRow, claim, delete, expired_tenders, insert, insert_all, next_number, next_numbers, say_eta,
    update,
};
