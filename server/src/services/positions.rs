//! Positions: where the trucks are.
//!
//! A report is judged by [`rules`], waits in [`ingest`] for the transaction that it is stored in together with others
//! ([`group`]), and is acknowledged once that is committed. What is new then goes to those who watch, at most 4 times a
//! second ([`frames`]). Positions never pass through the numbered streams.

mod frames;
mod group;
mod ingest;
mod quota;
mod read;
mod rules;

pub use frames::PositionFrames;
pub use ingest::PositionIngest;
pub use read::HistoryRequest;

use super::{Caller, ServiceError, Services};
use crate::store::StoreError;
use app::{domain::position::PositionSource, events::ReportLocation};
use ingest::Report;
use std::sync::Arc;

impl Services {
    /// Stores positions, and answers each in order.
    ///
    /// A driver reports for own loads, a carrier office for those that it sees, staff with `load_change` for all of the
    /// tenant. Positions that are late are stored and shown to nobody as the newest; one that is stored already is
    /// answered as if it were new.
    pub async fn report_positions(
        &self,
        caller: Caller,
        reports: Vec<ReportLocation>,
        source: PositionSource,
    ) -> Vec<Result<(), ServiceError>> {
        let now = self.clock.now();
        let mut results = Vec::with_capacity(reports.len());
        let (mut sound, mut places) = (Vec::new(), Vec::new());
        // Whoever reports of loads that are not theirs takes no place from anybody and no turn of the writer.
        let known = group::known(&self.database, reports.iter().map(|report| report.load_id)).await.map_err(Arc::new);
        let admitted = |load| match &known {
            Ok(known) => group::check_reporter(&caller, known.get(&load)),
            Err(error) => Err(StoreError::Shared(error.clone()).into()),
        };
        for (place, report) in reports.iter().enumerate() {
            match rules::check(report, source, now).and_then(|position| admitted(report.load_id).map(|()| position)) {
                Ok(position) => {
                    sound.push(position);
                    places.push(place);
                    results.push(Ok(()));
                }
                Err(refusal) => results.push(Err(refusal)),
            }
        }
        if !sound.is_empty() {
            let stored = self.positions.store(Report { caller, positions: sound }).await;
            for (place, result) in places.into_iter().zip(stored) {
                results[place] = result;
            }
        }
        results
    }
}
