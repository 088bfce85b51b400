//! The timeline at work: what it shows of which time, and what leads to another part of it.

use super::{
    chart::Chart,
    scale::Scale,
    shape::LEAST,
    view_port::{TRACK, ViewPort},
};
use crate::{
    domain::{id::LoadId, time::Timestamp},
    pages::dispatch_board::{board_view::BoardView, desk::Desk},
};
use leptos::{html, prelude::*};
use std::sync::Arc;

const ASSUMED_WIDTH: f64 = 1_180.0;

/// What is shown, and the view that it is the answer to.
#[derive(Clone, PartialEq)]
struct Shown {
    view: Arc<BoardView>,
    chart: Arc<Chart>,
}

/// Everything that the parts of the timeline share. Copied freely.
#[derive(Clone, Copy)]
pub struct Plan {
    pub desk: Desk,
    from: RwSignal<Timestamp>,
    pub scale: Memo<Scale>,
    shown: Memo<Shown>,
    pub port: RwSignal<ViewPort>,
    /// How wide the axis of time is, in pixels; that of a laptop until measured.
    pub width: RwSignal<f64>,
    /// The tracks of each row that are needed now.
    pub tracks: Memo<Arc<Vec<usize>>>,
    /// Where each row begins, and where the last ends.
    pub offsets: Memo<Arc<Vec<f64>>>,
    /// The bar that Tab leads to.
    pub tab_stop: Memo<Option<LoadId>>,
    /// What scrolls up and down.
    pub scroller: NodeRef<html::Div>,
    /// Where time runs from left to right.
    pub axis: NodeRef<html::Div>,
}

impl Plan {
    pub fn new(desk: Desk) -> Self {
        let zoom = Memo::new(move |_| desk.tools.view.with(|view| view.zoom));
        let first = Scale::around(desk.clock().glance(), zoom.get_untracked());
        let from = RwSignal::new(first.from);
        let scale = Memo::new(move |_| Scale { from: from.get(), zoom: zoom.get() });
        Effect::new(move |before: Option<_>| {
            let zoom = zoom.get();
            if let Some(before) = before.filter(|before| *before != zoom) {
                from.update(|from| *from = Scale { from: *from, zoom: before }.zoomed(zoom).from);
            }
            zoom
        });
        let shown = shown_memo(desk);
        let port = RwSignal::new(ViewPort::default());
        let beside = Memo::new(move |_| port.with(|port| (port.beside, port.is_named_above)));
        let period = Memo::new(move |_| scale.get().period());
        let tracks = Memo::new(move |_| {
            let (from, to) = period.get();
            let needed =
                |shown: &Shown| shown.chart.rows.iter().map(|row| row.tracks_between(from, to)).collect::<Vec<usize>>();
            Arc::new(shown.with(needed))
        });
        let offsets = Memo::new(move |_| {
            let (beside, is_named_above) = beside.get();
            let port = ViewPort { beside, is_named_above, ..ViewPort::default() };
            Arc::new(tracks.with(|tracks| port.offsets(tracks)))
        });
        let tab_stop = Memo::new(move |_| {
            shown.with(|Shown { chart, .. }| {
                let active = desk.active.get().filter(|load| chart.find(*load).is_some());
                let scale = scale.get();
                active.or_else(|| chart.first_between(scale.from, scale.end()).map(|bar| bar.load))
            })
        });
        let plan = Self {
            desk,
            from,
            scale,
            shown,
            port,
            width: RwSignal::new(ASSUMED_WIDTH),
            tracks,
            offsets,
            tab_stop,
            scroller: NodeRef::new(),
            axis: NodeRef::new(),
        };
        plan.follow_wishes();
        plan.hold_the_top();
        plan
    }

    pub fn with_chart<T>(self, look: impl FnOnce(&Chart) -> T) -> T {
        self.shown.with(|shown| look(&shown.chart))
    }

    fn glance<T>(self, look: impl FnOnce(&Chart) -> T) -> T {
        self.shown.with_untracked(|shown| look(&shown.chart))
    }

    /// Moves on by a part of what is shown.
    pub fn pan(self, part: f64) {
        let now = self.desk.clock().glance();
        let moved = self.scale.get_untracked().moved(part, now).from;
        if moved != self.from.get_untracked() {
            self.from.set(moved);
        }
    }

    /// Moves on by pixels of the screen.
    pub fn pan_pixels(self, pixels: f64) {
        self.pan(pixels / self.width.get_untracked().max(1.0));
    }

    pub fn go_to_now(self) {
        let zoom = self.scale.get_untracked().zoom;
        self.from.set(Scale::around(self.desk.clock().glance(), zoom).from);
    }

    /// Where an arrow key leads from a bar.
    pub fn next(self, key: &str, load: LoadId) -> Option<LoadId> {
        let scale = self.scale.get_untracked();
        self.glance(|chart| {
            let place = chart.find(load)?;
            let bar = chart.bar(place)?;
            // The middle of what is seen of the bar, as the eye has it.
            let (start, end) = (bar.start.max(scale.from), bar.end.min(scale.end()));
            let at = start.plus(end.since(start) / 2);
            chart.next(key, place, at).and_then(|place| chart.bar(place)).map(|bar| bar.load)
        })
    }

    /// Brings a bar into view.
    pub fn reveal(self, load: LoadId) {
        let Some((row, bar)) = self.glance(|chart| {
            let place = chart.find(load)?;
            Some((place.0, *chart.bar(place)?))
        }) else {
            return;
        };
        let scale = self.scale.get_untracked();
        let edge = scale.zoom.span() / 20;
        if !bar.meets(scale.from.plus(edge), scale.end().plus(-edge)) {
            let from = bar.start.plus(-scale.zoom.span() / 4);
            self.from.set(from);
        }
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let offset = self.offsets.with_untracked(|offsets| offsets.get(row).copied().unwrap_or_default());
        let port = self.port.get_untracked();
        let top = port.bar_top(&bar, offset);
        let bottom = top + TRACK as f64;
        let room = port.height - TRACK as f64;
        if top < port.top {
            scroller.set_scroll_top((top - TRACK as f64).max(0.0) as i32);
        } else if bottom > port.top + room {
            scroller.set_scroll_top((bottom - room) as i32);
        }
    }

    /// Where rows above change their height, what is at the top of the window stays there.
    fn hold_the_top(self) {
        Effect::new(move |before: Option<Arc<Vec<f64>>>| {
            let offsets = self.offsets.get();
            let top = self.port.with_untracked(|port| port.top);
            let before = before.filter(|before| before.len() == offsets.len() && top > 0.0);
            if let (Some(before), Some(scroller)) = (before, self.scroller.get_untracked()) {
                let row = before.partition_point(|offset| *offset <= top).saturating_sub(1);
                let shift = offsets[row] - before[row];
                if shift != 0.0 {
                    scroller.set_scroll_top((top + shift) as i32);
                }
            }
            offsets
        });
    }

    /// A bar that shall take the focus has to be in view first.
    fn follow_wishes(self) {
        Effect::new(move |_| {
            if let Some(load) = self.desk.wish.get() {
                untrack(|| self.reveal(load));
            }
        });
    }
}

/// The chart. It keeps still as the lanes do; only a change of the view meanwhile is answered.
fn shown_memo(desk: Desk) -> Memo<Shown> {
    let (model, clock) = (desk.model(), desk.clock());
    Memo::new(move |shown: Option<&Shown>| {
        let view = desk.tools.view.get();
        match shown {
            Some(shown) if desk.held.get() && shown.view == view => shown.clone(),
            _ => {
                let least = (view.zoom.span() as f64 * LEAST / 100.0) as i64;
                let spans = model.spans(&view.filter, desk.viewer.id, &clock);
                Shown { view, chart: Arc::new(Chart::arrange(spans, least)) }
            }
        }
    })
}
