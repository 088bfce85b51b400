//! Parts that any page uses. Each is accessible by itself: named, operable by keyboard, quiet under reduced motion.

pub mod clock;
pub mod combobox;
pub mod dialog;
pub mod field;
pub mod icon;
pub mod live_status;
pub mod menu;
pub mod no_right;
pub mod relative_time;
pub mod status_badge;
pub mod theme_switch;
pub mod toast;
pub mod urgency_mark;
pub mod virtual_list;
pub mod zone_clock;
