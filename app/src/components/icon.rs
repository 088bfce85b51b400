//! The icon set: line drawings on a 16 by 16 grid in the colour of the text. They decorate; the words stand beside them.

use crate::domain::load::Equipment;
use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Arrow,
    Bell,
    Board,
    Close,
    Dark,
    Delete,
    Down,
    Exception,
    Filter,
    Hot,
    Light,
    List,
    LogOut,
    Mark,
    Move,
    Pause,
    Play,
    Rename,
    Replace,
    Retry,
    Saved,
    Search,
    Sort,
    System,
    Timeline,
    View,
    Up,
    Of(Equipment),
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Icon::Arrow => "M2.5 8h11M10 4.5 13.5 8 10 11.5",
            Icon::Bell => {
                "M8 2a4 4 0 0 0-4 4c0 4-1.5 5-1.5 5.5h11c0-.5-1.5-1.5-1.5-5.5a4 4 0 0 0-4-4zM6.6 13.6a1.5 1.5 0 0 0 2.8 0"
            }
            Icon::Board => "M2 2.5h3.2v11H2zM6.4 2.5h3.2v7.5H6.4zM10.8 2.5H14v5h-3.2z",
            Icon::Close => "M4 4l8 8M12 4l-8 8",
            Icon::Dark => "M13.5 9.7A5.9 5.9 0 0 1 6.3 2.5a5.9 5.9 0 1 0 7.2 7.2z",
            Icon::Delete => "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.5 9h6l.5-9M6.8 7v4M9.2 7v4",
            Icon::Down => "M8 3v10M3.8 8.8 8 13l4.2-4.2",
            Icon::Exception => "M8 2.2 14.3 13.3H1.7zM8 6.5v3.2M8 11.4v.3",
            Icon::Filter => "M2 4h12M4.5 8h7M7 12h2",
            Icon::Hot => {
                "M8.2 1.5c.4 2.6 3.6 3.9 3.6 7.7a3.8 3.8 0 0 1-7.6 0c0-1.7.9-2.8 1.7-3.7.1 1.1.5 1.7 1.1 2 .6-1.8.2-4 1.2-6z"
            }
            Icon::Light => {
                "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M3.2 12.8l1-1M11.8 4.2l1-1"
            }
            Icon::List => "M5.5 3.5h8.5M5.5 8h8.5M5.5 12.5h8.5M2 3.5h1M2 8h1M2 12.5h1",
            Icon::LogOut => "M6.5 2.5h-4v11h4M6.5 8H14M11 5l3 3-3 3",
            Icon::Mark => "M3 2.5v11M8.5 2.5v3.3M8.5 10.2v3.3M3 8h10.5M11 5.3 13.7 8 11 10.7",
            Icon::Move => "M2.5 5.2H13M10 2.2l3 3-3 3M13.5 10.8H3M6 7.8l-3 3 3 3",
            Icon::Pause => "M5.5 3v10M10.5 3v10",
            Icon::Play => "M5 3l7.5 5L5 13z",
            Icon::Rename => "M2.8 13.2l.6-3 7.4-7.4 2.4 2.4-7.4 7.4zM9.3 4.3l2.4 2.4",
            Icon::Replace => "M8 2.5v7M5 6.8 8 9.8l3-3M2.8 10.5v3h10.4v-3",
            Icon::Retry => "M13 8.5a5 5 0 1 1-1.3-3.8M13.2 2v3h-3",
            Icon::Saved => "M4.2 2.5h7.6v11L8 10.4l-3.8 3.1z",
            Icon::Search => "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3 14 14",
            Icon::Sort => "M4.8 3v10M2.5 10.6 4.8 13l2.3-2.4M9 4h5M9 8h3.6M9 12h2.2",
            Icon::System => "M2 3h12v8H2zM5.5 13.5h5M8 11v2.5",
            Icon::Timeline => "M2 4h6.5M5 8h7M8.5 12H14",
            Icon::View => "M2 4.5h4M10 4.5h4M2 11.5h7M13 11.5h1M8 3v3M11 10v3",
            Icon::Up => "M8 13V3M3.8 7.2 8 3l4.2 4.2",
            Icon::Of(Equipment::DryVan) => {
                "M1.5 3.5h13v7.5h-13zM4.5 14a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8zM11.5 14a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8z"
            }
            Icon::Of(Equipment::Reefer) => {
                "M1.5 3.5h13v7.5h-13zM4.5 14a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8zM11.5 14a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8zM8 5v4.5M6 6.1l4 2.3M10 6.1 6 8.4"
            }
            Icon::Of(Equipment::Flatbed) => {
                "M1.5 8v3h13M4.5 14a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8zM11.5 14a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8z"
            }
            Icon::Of(Equipment::StepDeck) => {
                "M1.5 7.5h4.5V11h8.5M4.5 14a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8zM11.5 14a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8z"
            }
            Icon::Of(Equipment::PowerOnly) => {
                "M2.5 11V3.5H8V11M8 6.5h3l2.5 2.5V11h-11M4.5 14a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8zM11 14a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8z"
            }
        }
    }
}

/// Draws an icon. Hidden from screen readers: whoever uses it names the thing.
pub fn icon(icon: Icon) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
    .into_any()
}
