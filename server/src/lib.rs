//! What a person never sees: the server.

pub mod auth;
pub mod backup;
pub mod client_address;
pub mod clock;
mod cross_origin;
pub mod demo;
pub mod gateway;
pub mod jobs;
pub mod listen;
pub mod logging;
pub mod metrics;
pub mod node;
pub mod operations;
mod pages;
pub mod presence;
pub mod relay;
pub mod rest;
pub mod serve;
pub mod services;
pub mod settings;
pub mod store;
pub mod stream;
pub mod supervise;
pub mod throttle;
