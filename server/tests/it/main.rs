//! The server as a whole, in process: router and a database of its own for each test, on SQLite and on PostgreSQL.

mod auth;
mod board;
mod changes;
mod fixture;
mod postgres;
mod refusals;
mod streams;
