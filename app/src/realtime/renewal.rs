//! Renews the login before it runs out, so that who works on sees nothing of its end.
//!
//! Every namespace warns; the first warning of a login counts. The browser gets the new cookie, and each socket the new
//! token. If that can't be had, all goes its way: the server closes the sockets, and refuses the next connect.

use super::{
    alarm::Alarm,
    emit::Message,
    hub::{Hub, is_over},
};
use crate::{
    api::{auth::Refresh, call},
    domain::time::Timestamp,
    events::{Namespace, RefreshAuth},
};
use leptos::task::spawn_local;
use serde::Deserialize;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

/// Milliseconds from a try that the server did not answer to the next.
const TRIES_APART: u32 = 5_000;
/// In the minute that a warning comes ahead.
const TRIES: u32 = 10;

/// What `auth:expiring` says.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    pub expires_at: Timestamp,
}

/// Whether the login is to be renewed, apart from calls and clocks.
#[derive(Debug, Default)]
struct Logins {
    is_renewing: bool,
    /// The end of the newest login that is known here.
    ends: Option<Timestamp>,
}

impl Logins {
    /// Whether a warning is news.
    fn begin(&mut self, warning: Warning) -> bool {
        let begins = !self.is_renewing && self.ends.is_none_or(|ends| ends <= warning.expires_at);
        self.is_renewing |= begins;
        begins
    }

    /// With the end of the new login, if there is one.
    fn end(&mut self, ends: Option<Timestamp>) {
        self.is_renewing = false;
        self.ends = ends.or(self.ends);
    }
}

#[derive(Default)]
pub struct Renewal {
    logins: RefCell<Logins>,
    tries: Cell<u32>,
    alarm: Alarm,
}

impl Renewal {
    pub fn warned(&self, hub: &Rc<Hub>, warning: Warning) {
        if self.logins.borrow_mut().begin(warning) {
            self.tries.set(0);
            self.renew(hub);
        }
    }

    /// The page is left.
    pub fn end(&self) {
        self.alarm.stop();
    }

    fn renew(&self, hub: &Rc<Hub>) {
        let weak = Rc::downgrade(hub);
        spawn_local(async move {
            let answer = call(Refresh).await;
            let Some(hub) = weak.upgrade() else { return };
            match answer {
                Ok(answer) => hub.renewal.spread(&hub, &answer.data.token, answer.data.expires_at),
                Err(error) if is_over(&error) => hub.renewal.logins.borrow_mut().end(None),
                Err(_) => hub.renewal.try_again(&hub),
            }
        });
    }

    /// Hands the new token to every socket. One that does not take it is closed, and comes back with the cookie.
    fn spread(&self, hub: &Rc<Hub>, token: &str, ends: Timestamp) {
        self.logins.borrow_mut().end(Some(ends));
        for namespace in Namespace::ALL {
            let command = RefreshAuth { token: token.to_owned() };
            hub.send(Message::within(namespace, &command), Box::new(|_| {}));
        }
    }

    fn try_again(&self, hub: &Rc<Hub>) {
        let tries = self.tries.get() + 1;
        self.tries.set(tries);
        if tries >= TRIES {
            return self.logins.borrow_mut().end(None);
        }
        let hub = Rc::downgrade(hub);
        self.alarm.set(TRIES_APART, move || {
            if let Some(hub) = hub.upgrade() {
                hub.renewal.renew(&hub);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1_000)
    }

    fn warning(second: i64) -> Warning {
        Warning { expires_at: at(second) }
    }

    #[test]
    fn a_login_is_renewed_once_however_many_namespaces_warn() {
        let mut logins = Logins::default();
        assert!(logins.begin(warning(60)));
        for _ in 0..4 {
            assert!(!logins.begin(warning(60)), "under way");
        }
        logins.end(Some(at(120)));
        assert!(!logins.begin(warning(60)), "a warning that comes late");
        assert!(logins.begin(warning(120)), "the new login runs out, too");
    }

    #[test]
    fn after_a_failure_the_next_warning_is_a_new_chance() {
        let mut logins = Logins::default();
        assert!(logins.begin(warning(60)));
        logins.end(None);
        assert!(logins.begin(warning(60)));
        logins.end(Some(at(120)));
        assert!(logins.begin(warning(120)));
        logins.end(None);
        assert!(!logins.begin(warning(60)));
    }

    #[test]
    fn a_warning_is_read_as_it_is_sent() {
        let warning: Warning = serde_json::from_str(r#"{"expiresAt":"2026-11-21T14:05:00.000Z"}"#).unwrap();
        assert_eq!(warning.expires_at.to_string(), "2026-11-21T14:05:00.000Z");
    }
}
