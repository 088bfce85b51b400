//! What a person sees, and the words it is said in. Compiles for the browser and for the server.

pub mod api;
pub mod app;
pub mod components;
pub mod domain;
pub mod events;
pub mod pages;
pub mod realtime;
