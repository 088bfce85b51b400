//! Dialogs over loads: choosing a carrier, sending the truck, noting a check call or an
//! ETA, giving a reason.
//!
//! They know loads, the person who looks and the page they stand on ([`Host`]), and nothing else of it, so that every
//! page with loads uses the same. Each sends its change itself, once at a time, and says inside itself why it was
//! refused. The page mounts a dialog when there is something to ask, and takes it away in [`Host::close`].

mod carrier_chooser;
mod check_call;
mod dispatch_load;
mod driver_field;
mod eta;
mod fetched;
mod host;
mod reason;
mod refusal;
mod sending;
mod viewer;

pub use carrier_chooser::CarrierChooser;
pub use check_call::CheckCallDialog;
pub use dispatch_load::DispatchDialog;
pub use eta::EtaDialog;
pub use host::{Host, SharedHost};
pub(in crate::pages) use reason::ReasonField;
pub use reason::{ReasonDialog, ReasonWords};
pub use refusal::overtaken;
pub use viewer::Viewer;
