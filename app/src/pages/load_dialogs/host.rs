//! What a dialog needs of the page that it stands on.

use crate::domain::{id::LoadId, load::LoadCard, status::LoadStatus, time::Timestamp};
use std::sync::Arc;

/// A page on which dialogs over loads stand. Its methods may be called after the dialog is gone: an answer comes when
/// it comes.
pub trait Host: Send + Sync + 'static {
    /// Why nothing can be sent now; `what` says what is not done, such as `LD-1 was not changed`. None: it can.
    fn refusal(&self, _what: &str) -> Option<String> {
        None
    }

    /// The time by the page's clock.
    fn now(&self) -> Timestamp;

    /// Takes the dialog away. The focus goes where the page wants it; where the page gives it to nothing, the dialog
    /// gives it back to what had it before.
    fn close(&self);

    /// Takes the dialog away and leaves the focus where it is: the person has gone on meanwhile.
    fn dismiss(&self) {
        self.close();
    }

    /// A change was sent; where it is a step, with the status that it leads to. `true`: the page shows that it is under
    /// way, so the dialog steps aside, and the page hears [`answered`](Self::answered) afterwards. It comes back when
    /// the change is refused.
    fn sent(&self, card: &LoadCard, to: Option<LoadStatus>) -> bool {
        let _ = (card, to);
        false
    }

    /// What was shown to be under way is not under way any more, done or not.
    fn answered(&self, load: LoadId) {
        let _ = load;
    }

    /// A load as the server has it now: after a change, or as somebody else has left it.
    fn learned(&self, card: LoadCard);

    /// Says what was done, in these words. `false`: the dialog is to say it.
    fn tell(&self, before: &LoadCard, after: &LoadCard, done: &str) -> bool {
        let _ = (before, after, done);
        false
    }

    /// What became of each of many loads, where some were refused: what was done in the past tense, to how many, and
    /// number and reason of the others. The dialog is to be taken away.
    fn report(&self, done: String, good: usize, refused: Vec<(String, String)>);
}

/// A host as dialogs hold it.
pub type SharedHost = Arc<dyn Host>;
