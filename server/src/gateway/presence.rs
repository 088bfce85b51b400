//! Presence: the tabs that come and go, what each shows, and who asks for it.

use super::{
    answer::Refused,
    seat::{Seat, Visit},
};
use app::events::{ListPresence, Namespace, PresenceListed, View, ViewPresence, Viewing};

/// A socket of the namespace `/events` is a tab that is open.
pub fn join(visit: &Visit) {
    if visit.seat.namespace != Namespace::Events {
        return;
    }
    let claims = visit.seat.claims();
    if let Some(person) = claims.caller().person {
        visit.gateway().services.presence.join(claims.tenant, &person, visit.seat.connection);
    }
    leave_if_gone(visit);
}

pub fn leave(seat: &Seat) {
    if seat.namespace == Namespace::Events {
        seat.gateway.services.presence.leave(seat.claims().sub, seat.connection);
    }
}

pub async fn view(visit: Visit, ViewPresence(view): ViewPresence) -> Result<Viewing, Refused> {
    let (caller, services) = (visit.caller(), &visit.gateway().services);
    if let Some(view) = &view {
        services.check_view(&caller, view).await?;
    }
    show(&visit, view);
    Ok(Viewing::YES)
}

pub async fn list(visit: Visit, ListPresence { user_ids }: ListPresence) -> Result<PresenceListed, Refused> {
    Ok(visit.gateway().services.list_presence(&visit.caller(), user_ids.as_deref())?)
}

fn show(visit: &Visit, view: Option<View>) {
    let caller = visit.caller();
    if let Some(person) = &caller.person {
        visit.gateway().services.presence.show(caller.tenant, person, visit.seat.connection, view);
    }
    leave_if_gone(visit);
}

/// A tab that is entered after its socket has left would stay for ever.
fn leave_if_gone(visit: &Visit) {
    if !visit.socket.connected() {
        leave(&visit.seat);
    }
}
