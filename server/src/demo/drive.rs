//! Lets the fleet drive: carries out what its trucks and drivers do, by the same services that people use.

use super::{
    fix::Fix,
    fleet::{Action, Fleet, RoadLoad},
    plan::COMPANY_SLUGS,
};
use crate::{
    services::{Caller, EventRequest, ServiceError, Services},
    settings::Settings,
    store::{StoreError, positions, tenants},
    stream::StreamName,
    supervise::Ended,
};
use app::{
    api::{loads::StatusChange, positions::NewCheckCall},
    domain::{
        id::{LoadId, TenantId},
        position::PositionSource,
        role::Role,
        status::LoadStatus,
    },
    events::{AnyEvent, Cursor, Namespace, ReportLocation},
};
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often the simulated world is looked at.
const TICK: Duration = Duration::from_secs(1);

/// Starts one fleet for each demo tenant. They end with `stop`.
pub async fn begin(settings: &Settings, services: &Services, stop: CancellationToken) -> Result<(), StoreError> {
    for (number, slug) in (0..).zip(COMPANY_SLUGS) {
        let mut tx = services.database.begin_snapshot().await?;
        let Some(tenant) = tenants::find_by_slug(&mut tx, slug).await? else { continue };
        drop(tx);
        let (settings, of_fleet) = (settings.clone(), services.clone());
        // A fleet that is started again begins where its loads stand.
        services.supervisor.run_until(&stop, "demo_fleet", move || {
            let (settings, services) = (settings.clone(), of_fleet.clone());
            async move {
                let seed = settings.demo.seed.wrapping_add(number);
                match Depot::open(&settings, &services, tenant.id, seed).await {
                    Ok(depot) => depot.run().await,
                    Err(error) => {
                        tracing::error!(%error, slug, "the demo's trucks stay parked");
                        Ended::Unexpected("the fleet could not be read")
                    }
                }
            }
        });
    }
    Ok(())
}

/// The fleet of a tenant, and what it knows of the world.
struct Depot {
    services: Services,
    /// Acts for dispatchers.
    office: Caller,
    fleet: Fleet,
    /// Up to where it has heard what people did.
    heard: Cursor,
}

impl Depot {
    async fn open(settings: &Settings, services: &Services, tenant: TenantId, seed: u64) -> Result<Self, ServiceError> {
        let office = Caller::system(tenant);
        let board = services.board(&office).await?;
        let heard = board.cursors.into_values().flatten().map(|(_, cursor)| cursor).next();
        let heard = heard.ok_or(ServiceError::NotFound("stream"))?;
        let mut loads = Vec::new();
        for card in board.data.cards.iter().filter(|card| card.driver.is_some()) {
            let load = services.load(&office, card.id).await?;
            loads.extend(RoadLoad::of(&load, last_fix(services, card.id).await?));
        }
        let fleet = Fleet::new(seed, settings.demo.speedup, services.clock.now(), loads);
        tracing::info!(loads = fleet.loads(), "the demo's trucks are on the road");
        Ok(Self { services: services.clone(), office, fleet, heard })
    }

    async fn run(mut self) -> Ended {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.tick().await {
                tracing::warn!(%error, "the demo's trucks lost a moment");
            }
        }
    }

    /// Each action stands for itself: one that fails must not cost the others.
    async fn tick(&mut self) -> Result<(), ServiceError> {
        self.hear().await?;
        let now = self.services.clock.now();
        let mut reports = Vec::new();
        for action in self.fleet.step(now) {
            match action {
                Action::Position { load, at, heading, speed_mph, recorded_at } => {
                    reports.push(ReportLocation {
                        load_id: load,
                        lat: at.lat,
                        lng: at.lng,
                        heading: Some(heading),
                        speed: Some(speed_mph),
                        recorded_at: Some(recorded_at),
                    });
                }
                Action::Status { load, to } => {
                    if let Err(error) = self.step(load, to).await {
                        tracing::debug!(%error, "a step of the demo was refused");
                        self.fleet.refused(load);
                        if let Err(error) = self.look_again(load).await {
                            tracing::warn!(%error, "a load of the demo is left standing");
                        }
                    }
                }
                Action::CheckCall { load, at, note, eta } => {
                    let call = NewCheckCall { location: at, notes: note, eta };
                    if let Err(error) = self.services.record_check_call(&self.office, load, call).await {
                        tracing::debug!(%error, "a check call of the demo was refused");
                    }
                }
            }
        }
        // The rules apply as to everybody, but for that of jumps: these trucks live faster than the clock.
        let reported = self.services.report_positions(self.office.clone(), reports, PositionSource::Simulator);
        for error in reported.await.into_iter().filter_map(Result::err) {
            tracing::debug!(%error, "a position of the demo was refused");
        }
        Ok(())
    }

    /// Tells the fleet where a load really stands after a step of it was refused.
    async fn look_again(&mut self, id: LoadId) -> Result<(), ServiceError> {
        match self.services.load(&self.office, id).await {
            Ok(load) => self.fleet.sync(id, load.card.status),
            Err(ServiceError::NotFound(_)) => self.fleet.sync(id, LoadStatus::Cancelled),
            // It stays as the fleet was told: refused.
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// A driver reports the steps of the trip; the rest is the office's.
    async fn step(&self, id: LoadId, to: LoadStatus) -> Result<(), ServiceError> {
        let load = self.services.load(&self.office, id).await?;
        let by_driver = (LoadStatus::AtPickup..=LoadStatus::Delivered).contains(&to);
        let caller = match &load.card.driver {
            Some(driver) if by_driver => Caller { role: Role::Driver, driver: Some(driver.id), ..self.office.clone() },
            _ => self.office.clone(),
        };
        let change = StatusChange { status: to, version: load.card.version, reason: None };
        self.services.change_status(&caller, id, change).await.map(drop)
    }

    /// Learns what people did to loads since the last look.
    async fn hear(&mut self) -> Result<(), ServiceError> {
        let request = EventRequest {
            namespace: Namespace::Dispatch,
            stream: StreamName::Tenant,
            epoch: Some(self.heard.epoch.clone()),
            after: self.heard.seq,
            limit: 500,
        };
        let page = self.services.read_events(&self.office, request).await?;
        self.heard = page.cursor;
        for event in page.data.into_iter().filter_map(|event| event.read(Namespace::Dispatch).ok().flatten()) {
            match event.data {
                AnyEvent::LoadStatusChanged(step) if step.updated_by.is_some() => {
                    self.fleet.sync(step.load_id, step.new_status);
                    if step.new_status > step.previous_status {
                        self.take_over(step.load_id).await;
                    }
                }
                // A check call shows on the card as well, and is nobody's change of the load.
                AnyEvent::LoadUpdated(card) if card.0.updated_by.is_some() && card.0.updated_at == event.timestamp => {
                    self.take_over(card.0.id).await;
                }
                AnyEvent::LoadDeleted(gone) => self.fleet.sync(gone.load_id, LoadStatus::Cancelled),
                _ => {}
            }
        }
        Ok(())
    }

    /// Gives the fleet a load whose driver has still to set out.
    async fn take_over(&mut self, id: LoadId) {
        if let Err(error) = self.try_to_take_over(id).await {
            tracing::warn!(%error, "a load of the demo finds no truck");
        }
    }

    async fn try_to_take_over(&mut self, id: LoadId) -> Result<(), ServiceError> {
        let load = match self.services.load(&self.office, id).await {
            Ok(load) => load,
            Err(ServiceError::NotFound(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        if load.card.status <= LoadStatus::Dispatched
            && let Some(load) = RoadLoad::of(&load, last_fix(&self.services, id).await?)
        {
            self.fleet.add(load);
        }
        Ok(())
    }
}

async fn last_fix(services: &Services, load: LoadId) -> Result<Option<Fix>, StoreError> {
    let mut tx = services.database.begin_snapshot().await?;
    let position = positions::latest(&mut tx, load).await?;
    Ok(position.map(|position| Fix {
        at: position.at,
        heading: position.heading.unwrap_or(0.0),
        speed_mph: position.speed.unwrap_or(0.0),
        recorded_at: position.recorded_at,
    }))
}
