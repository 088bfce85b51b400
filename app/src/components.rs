//! Parts that any page uses. Each is accessible by itself: named, operable by keyboard, quiet under reduced motion.

pub mod clipboard;
pub mod clock;
pub mod clock_field;
pub mod combobox;
pub mod dialog;
pub mod download;
pub mod faces;
pub mod field;
pub mod focus;
pub mod icon;
pub mod live_status;
pub mod menu;
pub mod multi_select;
pub mod no_right;
pub mod palette;
pub mod popover;
pub mod radio_list;
pub mod relative_time;
pub mod scroll;
pub mod sentence;
pub mod status_badge;
pub mod theme_switch;
pub mod toast;
pub mod urgency_mark;
pub mod virtual_list;
pub mod zone_clock;
