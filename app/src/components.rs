//! Parts that any page uses. Each is accessible by itself: named, operable by keyboard, quiet under reduced motion.

pub mod clock;
pub mod dialog;
pub mod faces;
pub mod icon;
pub mod live_status;
pub mod menu;
pub mod relative_time;
pub mod status_badge;
pub mod theme_switch;
pub mod toast;
pub mod urgency_mark;
pub mod virtual_list;
