//! The cold chain: hearing the readings of a site or a unit, asking for the newest, and reporting them.

use super::{answer::Refused, request_rooms, seat::Visit};
use crate::stream::Room;
use app::{
    domain::sensor::ReadingSource,
    events::{
        GetLatest, LatestReading, Received, ReportReading, SubscribeSite, SubscribeUnit, Subscribed, UnsubscribeSite,
        UnsubscribeUnit, Unsubscribed,
    },
};

pub async fn subscribe_site(visit: Visit, SubscribeSite { site_id }: SubscribeSite) -> Result<Subscribed, Refused> {
    if !visit.gateway().services.sees_site(&visit.caller(), site_id).await? {
        return Err(Refused::not_found("site"));
    }
    request_rooms::join(&visit, &Room::Site(site_id))?;
    Ok(Subscribed::YES)
}

pub async fn unsubscribe_site(
    visit: Visit,
    UnsubscribeSite { site_id }: UnsubscribeSite,
) -> Result<Unsubscribed, Refused> {
    request_rooms::leave(&visit, &Room::Site(site_id));
    Ok(Unsubscribed::YES)
}

pub async fn subscribe_unit(visit: Visit, SubscribeUnit { unit_id }: SubscribeUnit) -> Result<Subscribed, Refused> {
    if !visit.gateway().services.sees_unit(&visit.caller(), unit_id).await? {
        return Err(Refused::not_found("unit"));
    }
    request_rooms::join(&visit, &Room::Unit(unit_id))?;
    Ok(Subscribed::YES)
}

pub async fn unsubscribe_unit(
    visit: Visit,
    UnsubscribeUnit { unit_id }: UnsubscribeUnit,
) -> Result<Unsubscribed, Refused> {
    request_rooms::leave(&visit, &Room::Unit(unit_id));
    Ok(Unsubscribed::YES)
}

pub async fn latest(visit: Visit, GetLatest(unit): GetLatest) -> Result<LatestReading, Refused> {
    let reading = visit.gateway().services.latest_reading(&visit.caller(), unit).await?;
    Ok(LatestReading { reading })
}

/// Answers once the reading is stored.
pub async fn report(visit: Visit, report: ReportReading) -> Result<Received, Refused> {
    let unit = report.unit_id;
    visit.gateway().services.report_reading(&visit.caller(), unit, report.into(), ReadingSource::Socket).await?;
    Ok(Received::YES)
}
