//! The screens. One folder each, and the layout around those that need a login.

pub mod dispatch_board;
mod facts;
pub mod layout;
pub mod load_detail;
pub mod load_dialogs;
pub mod load_form;
pub mod load_import;
pub mod load_list;
pub mod login;
mod many_loads;
pub mod not_found;
pub mod status;
mod way_back;
