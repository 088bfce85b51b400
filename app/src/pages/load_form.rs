//! New load, and a load that is changed: one form.
//!
//! `draft` is what was typed, `reading` makes a booking or a change of it or says what is wrong, `desk` holds the form's
//! state, `sending` sends it, `keep` and `leave` see to it that nothing typed is lost, `conflict` asks whose change counts.

mod conflict;
mod desk;
mod difference;
mod draft;
mod edit_load;
mod fields;
mod form;
mod keep;
mod leave;
mod new_load;
mod places;
mod reading;
mod refusal;
mod search;
mod sending;
mod stop_card;
mod stops;
mod window_reading;

pub(super) use desk::focus;
pub use edit_load::EditLoad;
pub use new_load::NewLoad;
