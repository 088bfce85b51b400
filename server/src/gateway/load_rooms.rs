//! The rooms of a load. The events of the streams come by themselves; a load's room adds what is only for its watchers.

use super::{answer::Refused, request_rooms, seat::Visit};
use crate::stream::Room;
use app::{
    domain::id::LoadId,
    events::{JoinLoad, Joined, LeaveLoad, Left, TrackLoad, UntrackLoad},
};

pub async fn join(visit: Visit, JoinLoad { load_id }: JoinLoad) -> Result<Joined, Refused> {
    enter(visit, load_id).await
}

pub async fn track(visit: Visit, TrackLoad { load_id }: TrackLoad) -> Result<Joined, Refused> {
    enter(visit, load_id).await
}

pub async fn leave(visit: Visit, LeaveLoad { load_id }: LeaveLoad) -> Result<Left, Refused> {
    request_rooms::leave(&visit, &Room::Load(load_id));
    Ok(Left::YES)
}

pub async fn untrack(visit: Visit, UntrackLoad { load_id }: UntrackLoad) -> Result<Left, Refused> {
    request_rooms::leave(&visit, &Room::Load(load_id));
    Ok(Left::YES)
}

async fn enter(visit: Visit, load: LoadId) -> Result<Joined, Refused> {
    let (caller, room) = (visit.caller(), Room::Load(load));
    let joined = visit.gateway().services.while_seen(&caller, load, || request_rooms::join(&visit, &room)).await?;
    joined.ok_or_else(|| Refused::not_found("load"))??;
    Ok(Joined::YES)
}
