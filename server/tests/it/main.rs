//! The server as a whole, in process: router and a database of its own for each test, on SQLite and on PostgreSQL.

// Outside of test functions, too, a test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod auth;
mod board;
mod carriers;
mod changes;
mod fixture;
mod pages;
mod polling;
mod postgres;
mod presence;
mod refusals;
mod streams;
mod users;
