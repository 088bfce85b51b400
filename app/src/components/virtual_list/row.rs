//! A row of a virtual list, as what it shows knows it.

use super::{measure::watch_open_row, shape::Shape};
use leptos::{html, prelude::*};
use uuid::Uuid;

#[derive(Clone, Copy)]
pub struct Row {
    pub id: Uuid,
    /// It shows more than the others.
    pub is_open: Memo<bool>,
    pub(super) node: NodeRef<html::Li>,
    shape: Shape,
}

impl Row {
    pub(super) fn new(id: Uuid, shape: Shape) -> Self {
        let is_open = Memo::new(move |_| shape.open.with(|open| open.contains(&id)));
        Self { id, is_open, node: NodeRef::new(), shape }
    }

    /// What the row shows while it is open. The list makes room for it; a row that is being opened comes into view.
    pub fn while_open(self, more: impl Fn() -> AnyView + Send + 'static) -> impl IntoView {
        let was_open = StoredValue::new(None);
        move || {
            let is_open = self.is_open.get();
            let is_opening = is_open && was_open.get_value() == Some(false);
            was_open.set_value(Some(is_open));
            is_open.then(|| {
                watch_open_row(self.node, self.id, is_opening, self.shape);
                more()
            })
        }
    }
}
