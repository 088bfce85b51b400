//! What differs between two states of a load, said in words: for a person who decides whose change counts.

use super::draft::{LoadDraft, StopDraft};
use crate::domain::{
    load::Equipment,
    stop::{StopKind, WindowKind},
};

/// One field in which somebody changed the load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub label: &'static str,
    /// What both began with.
    pub before: String,
    /// What the other person made of it; `None` where they left it.
    pub theirs: Option<String>,
    /// What was typed here; `None` where it was left.
    pub mine: Option<String>,
}

/// The fields of the form in their order, with the names that drafts know them by.
const FIELDS: [(&str, &[&str]); 13] = [
    ("Customer", &["customer"]),
    ("Equipment", &["equipment"]),
    ("Hot", &["hot"]),
    ("Stops", &["stops"]),
    ("Commodity", &["commodity"]),
    ("Weight", &["weight"]),
    ("Miles", &["miles"]),
    ("References", &["references"]),
    ("Carrier", &["carrier", "carrierText"]),
    ("Revenue", &["revenue"]),
    ("Carrier cost", &["carrierCost"]),
    ("Currency", &["currency"]),
    ("Instructions", &["instructions"]),
];

/// What each side changed since `base`, in the order of the form.
pub fn differences(base: &LoadDraft, theirs: &LoadDraft, mine: &LoadDraft) -> Vec<Difference> {
    let (by_them, by_me) = (theirs.changed_fields(base), mine.changed_fields(base));
    let touched = |names: &[&str], changed: &[String]| names.iter().any(|name| changed.iter().any(|it| it == name));
    let mut found = Vec::new();
    for (label, names) in FIELDS {
        let (them, me) = (touched(names, &by_them), touched(names, &by_me));
        if them || me {
            found.push(Difference {
                label,
                before: say(base, label),
                theirs: them.then(|| say(theirs, label)),
                mine: me.then(|| say(mine, label)),
            });
        }
    }
    found
}

fn say(draft: &LoadDraft, label: &str) -> String {
    let text = match label {
        "Customer" => draft.customer.clone(),
        "Equipment" => Equipment::from_code(&draft.equipment).map(|kind| kind.label().to_owned()).unwrap_or_default(),
        "Hot" => if draft.hot { "Yes" } else { "No" }.to_owned(),
        "Stops" => draft.stops.iter().map(stop).collect::<Vec<_>>().join("; "),
        "Commodity" => draft.commodity.clone(),
        "Weight" => draft.weight.clone(),
        "Miles" => draft.miles.clone(),
        "References" => draft.references.clone(),
        "Carrier" => draft.carrier_text.clone(),
        "Revenue" => draft.revenue.clone(),
        "Carrier cost" => draft.carrier_cost.clone(),
        "Currency" => format!("{:?}", draft.currency),
        _ => draft.instructions.clone(),
    };
    if text.trim().is_empty() { "Nothing".to_owned() } else { text }
}

fn stop(stop: &StopDraft) -> String {
    let kind = match stop.kind {
        StopKind::Pickup => "Pickup",
        StopKind::Delivery => "Delivery",
    };
    let window = match stop.window_kind {
        WindowKind::Fcfs => "FCFS",
        WindowKind::Fixed => "fixed",
    };
    let until = [stop.until_day.as_str(), stop.until_time.as_str()].join(" ");
    let until = if until.trim().is_empty() { String::new() } else { format!(" to {}", until.trim()) };
    format!("{kind} {} {} {}{until}, {window}", stop.facility_text, stop.from_day, stop.from_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_is_told_apart_and_the_fields_are_in_order() {
        let base = LoadDraft { customer: "Prairie Paper".into(), ..LoadDraft::default() };
        let theirs = LoadDraft { customer: "Lakeside Foods".into(), weight: "40000".into(), ..base.clone() };
        let mine = LoadDraft { weight: "41000".into(), hot: true, ..base.clone() };
        let found = differences(&base, &theirs, &mine);
        let shown: Vec<_> =
            found.iter().map(|it| (it.label, it.before.as_str(), it.theirs.as_deref(), it.mine.as_deref())).collect();
        let expected = [
            ("Customer", "Prairie Paper", Some("Lakeside Foods"), None),
            ("Hot", "No", None, Some("Yes")),
            ("Weight", "Nothing", Some("40000"), Some("41000")),
        ];
        assert_eq!(shown, expected);
        assert_eq!(differences(&base, &base, &base), []);
    }

    #[test]
    fn every_field_of_a_draft_has_its_words() {
        let draft = LoadDraft::default();
        for (name, _) in draft.fields().into_iter().filter(|(name, _)| name != "nextKey") {
            assert!(FIELDS.iter().any(|(_, names)| names.contains(&name.as_str())), "{name}");
        }
    }
}
