//! `/dispatch`: loads. The events of the streams come by themselves; `join:load` adds what is only for a load's watchers.

use super::{
    Gateway,
    answer::{self, Refused},
    guard::Seat,
    rooms,
};
use app::domain::id::LoadId;
use serde::Deserialize;
use serde_json::{Value, json};
use socketioxide::extract::{AckSender, SocketRef, TryData};
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LoadOfRoom {
    load_id: LoadId,
}

pub fn listen(gateway: &Arc<Gateway>, socket: &SocketRef) {
    let gateway = gateway.clone();
    socket.on("join:load", async move |socket: SocketRef, TryData(data): TryData<Value>, ack: AckSender| {
        answer::send(
            ack,
            match answer::read(data) {
                Ok(wish) => join(&gateway, &socket, wish).await,
                Err(refused) => Err(refused),
            },
        );
    });
    socket.on("leave:load", async |socket: SocketRef, TryData(data): TryData<Value>, ack: AckSender| {
        answer::send(
            ack,
            answer::read(data).map(|LoadOfRoom { load_id }| {
                socket.leave(rooms::load(load_id));
                json!({ "ok": true, "left": true })
            }),
        );
    });
}

async fn join(gateway: &Gateway, socket: &SocketRef, LoadOfRoom { load_id }: LoadOfRoom) -> Result<Value, Refused> {
    let seat = socket.extensions.get::<Seat>().ok_or_else(|| Refused::not_found("load"))?;
    let room = rooms::load(load_id);
    let joined = socket.rooms().into_iter().filter(|joined| joined.starts_with("load:") && *joined != room).count();
    if joined >= gateway.rooms_per_socket {
        return Err(Refused::rate_limited(format!("A socket joins at most {} loads.", gateway.rooms_per_socket)));
    }
    if !gateway.services.sees_load(&seat.claims.caller(), load_id).await? {
        return Err(Refused::not_found("load"));
    }
    socket.join(room);
    if !socket.connected() {
        socket.leave_all();
    }
    Ok(json!({ "ok": true, "joined": true }))
}
