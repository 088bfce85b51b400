//! Finding loads by a filter, in SQL: the same loads that [`Sieve`](app::domain::load_filter::Sieve) lets pass, as a
//! test holds. Letters beyond ASCII are found as they are written only where `LOWER` of the database does not know them, as that of
//! SQLite.

use super::super::{
    many,
    row::{containing, id},
    stops::offset_in,
};
use app::domain::{
    day::{Day, Days},
    id::{LoadId, UserId},
    load_filter::{LoadFilter, Priority, Whose},
    position::TIGHT,
    time::Timestamp,
    urgency::{APPOINTMENT_NEAR, PENDING_TOO_LONG},
};

use std::collections::HashSet;

/// What is looked for, by whom and when.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    pub filter: &'a LoadFilter,
    /// Whom *mine* means, if anybody.
    pub me: Option<UserId>,
    pub now: Timestamp,
    /// Only these, wherever they are.
    pub loads: Option<&'a HashSet<LoadId>>,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Number(i64),
}

/// What a `WHERE` goes on with, and its parameters.
#[derive(Debug, Clone)]
pub(super) struct Conditions {
    pub sql: String,
    pub values: Vec<Value>,
    first: usize,
    /// What else than the loads themselves they look at.
    pub joins: Joins,
}

/// Tables beside that of the loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Joins {
    /// The first and the last stop with their facilities.
    pub stops: bool,
    /// The names of carrier and driver.
    pub names: bool,
}

/// What of a load is searched; as `searched_text` has it for a card.
const SEARCHED: &str = "LOWER(l.load_number || ' ' || l.customer || ' ' || COALESCE(c.name, 'unassigned') || ' ' || \
                        COALESCE(d.name, '') || ' ' || REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(l.reference_numbers, \
                        '[]', ''), '[\"', ''), '\",\"', ' '), '\"]', ''), '\\\"', '\"'), '\\\\', '\\') || ' ' || pf.city || ', ' || pf.state || \
                        ' ' || tf.city || ', ' || tf.state)";

/// When the stop that comes next is due, where one comes; as `urgency` has it for a card.
const DUE: &str = "CASE WHEN l.status IN ('PLANNING', 'PENDING', 'TENDERED', 'ACCEPTED', 'DISPATCHED') \
                   THEN p.window_end WHEN l.status IN ('AT_PICKUP', 'PICKED_UP', 'IN_TRANSIT') THEN t.window_end END";

impl Conditions {
    /// A parameter's placeholder.
    pub fn text(&mut self, text: String) -> String {
        self.add(Value::Text(text))
    }

    pub fn number(&mut self, number: i64) -> String {
        self.add(Value::Number(number))
    }

    fn add(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.first + self.values.len() - 1)
    }

    /// Narrows down by a condition, which must be made of placeholders and fixed text only.
    pub fn require(&mut self, condition: impl FnOnce(&mut Self) -> String) {
        let condition = condition(self);
        self.sql.push_str(" AND (");
        self.sql.push_str(&condition);
        self.sql.push(')');
    }

    fn among(&mut self, column: &str, values: impl IntoIterator<Item = String>) {
        let values: Vec<String> = values.into_iter().collect();
        if !values.is_empty() {
            let first = self.first + self.values.len();
            let list = many::list(first, values.len());
            self.values.extend(values.into_iter().map(Value::Text));
            self.require(|_| format!("{column} IN ({list})"));
        }
    }

    /// Somebody's among these, or nobody's.
    fn owned<'a, T: std::fmt::Display + 'a>(
        &mut self,
        column: &str,
        wanted: impl IntoIterator<Item = &'a Whose<T>>,
        me: Option<UserId>,
    ) {
        let alternatives: Vec<String> = wanted
            .into_iter()
            .map(|whose| match whose {
                Whose::Nobodys => format!("{column} IS NULL"),
                Whose::Mine => match me {
                    Some(me) => format!("{column} = {}", self.text(id(me))),
                    None => "1 = 0".into(),
                },
                Whose::Of(one) => format!("{column} = {}", self.text(id(one))),
            })
            .collect();
        if !alternatives.is_empty() {
            self.require(|_| alternatives.join(" OR "));
        }
    }

    /// The window of stop `stop` at facility `place` lies on one of the days, on the clock of its zone.
    fn on_days(&mut self, [stop, place]: [&str; 2], days: Days, zones: &[String], now: Timestamp) {
        let alternatives: Vec<String> = zones
            .iter()
            .map(|zone| {
                let (first, last) = days.bounds(now, offset_in(zone, now));
                let midnight = |day: Day| day.begin(offset_in(zone, day.begin(0))).millis();
                let mut both = format!("{place}.zone = {}", self.text(zone.clone()));
                if let Some(first) = first {
                    both += &format!(" AND {stop}.window_end >= {}", self.number(midnight(first)));
                }
                if let Some(last) = last {
                    both += &format!(" AND {stop}.window_start < {}", self.number(midnight(last.plus(1))));
                }
                both
            })
            .collect();
        self.require(|_| if alternatives.is_empty() { "1 = 0".into() } else { alternatives.join(" OR ") });
    }

    fn marked(&mut self, priority: Priority, now: Timestamp) -> String {
        match priority {
            Priority::Hot => "l.hot <> 0".into(),
            Priority::Exception => "l.exception <> 0".into(),
            Priority::Late => {
                let came_late = "(l.status = 'AT_DELIVERY' AND l.status_since > t.window_end)";
                format!("({DUE}) < {} OR l.eta > ({DUE}) OR {came_late}", self.number(now.millis()))
            }
            Priority::AtRisk => {
                let is_ahead = format!("({DUE}) >= {}", self.number(now.millis()));
                let is_near = format!("({DUE}) < {}", self.number(now.plus(APPOINTMENT_NEAR).millis()));
                let since = self.number(now.plus(-PENDING_TOO_LONG).millis());
                let in_time = format!("(l.eta IS NULL OR l.eta <= ({DUE}))");
                let is_tight = format!("l.eta >= ({DUE}) - {}", self.number(TIGHT));
                let waits = format!("(l.status = 'PENDING' AND l.status_since < {since})");
                format!("{is_ahead} AND {in_time} AND ({is_near} OR {is_tight} OR {waits})")
            }
        }
    }
}

impl Search<'_> {
    /// What narrows the loads down, given the zones in which facilities lie, with parameters numbered from `first` on.
    pub(super) fn conditions(self, zones: &[String], first: usize) -> Conditions {
        let LoadFilter { statuses, equipment, carriers, customers, origins, destinations, dispatchers, .. } =
            self.filter;
        let of_stops = |priority: &Priority| matches!(priority, Priority::Late | Priority::AtRisk);
        let terms = self.filter.terms();
        let joins = Joins {
            stops: !(origins.is_empty() && destinations.is_empty() && terms.is_empty())
                || self.filter.looks_at_days()
                || self.filter.priorities.iter().any(of_stops),
            names: !terms.is_empty(),
        };
        let mut found = Conditions { sql: String::new(), values: Vec::new(), first, joins };
        found.among("l.status", statuses.iter().map(|status| status.code().to_owned()));
        found.among("l.equipment", equipment.iter().map(|equipment| equipment.code().to_owned()));
        found.among("l.customer", customers.iter().cloned());
        found.among("pf.state", origins.iter().cloned());
        found.among("tf.state", destinations.iter().cloned());
        found.owned("l.carrier_id", carriers, self.me);
        found.owned("l.dispatcher_id", dispatchers, self.me);
        if !self.filter.priorities.is_empty() {
            let alternatives: Vec<String> =
                self.filter.priorities.iter().map(|priority| found.marked(*priority, self.now)).collect();
            found.require(|_| alternatives.join(" OR "));
        }
        for (stop, days) in [(["p", "pf"], self.filter.pickup), (["t", "tf"], self.filter.delivery)] {
            if let Some(days) = days {
                found.on_days(stop, days, zones, self.now);
            }
        }
        for word in terms {
            found.require(|found| {
                format!("{SEARCHED} LIKE LOWER(CAST({} AS TEXT)) ESCAPE '!'", found.text(containing(word)))
            });
        }
        match self.loads {
            Some(none) if none.is_empty() => found.require(|_| "1 = 0".into()),
            Some(loads) => found.among("l.id", loads.iter().map(id)),
            None => {}
        }
        found
    }
}
