//! The server as a whole, in process: router and a database of its own for each test, on SQLite and on PostgreSQL.

// Outside of test functions, too, a test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod actions;
mod at_the_edge;
mod audit;
mod auth;
mod backup;
mod board;
mod carriers;
mod changes;
mod chat;
mod check_calls;
mod clocks_of_nodes;
mod cold_chain;
mod conflicts;
mod connections;
mod demo;
mod facilities;
mod fixture;
mod guessing;
mod idempotency;
mod load_detail;
mod load_files;
mod notifications;
mod operations;
mod pages;
mod polling;
mod positions;
mod postgres;
mod postgres_tls;
mod presence;
mod presets;
mod refusals;
mod request_limits;
mod revoked;
mod rights;
mod road;
mod search;
mod several_writers;
mod stop_changes;
mod streams;
mod timeline;
mod users;
mod wire;
