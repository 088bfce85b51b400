//! Notifications over the socket. New ones come by the person's own stream.

use super::{answer::Refused, seat::Visit};
use app::events::{Read, ReadNotification};

pub async fn read(visit: Visit, ReadNotification { id }: ReadNotification) -> Result<Read, Refused> {
    visit.gateway().services.read_notification(&visit.caller(), id).await?;
    Ok(Read::YES)
}
