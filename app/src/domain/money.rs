//! Money in integer minor units, and the margin of a load.

use serde::{Deserialize, Serialize};
use std::fmt;

/// ISO 4217 currencies that freight in North America is paid in. All have two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Currency {
    #[default]
    USD,
    CAD,
    MXN,
}

/// An amount in minor units (cents): `{amount: 185000, currency: "USD"}` is 1,850.00 USD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Money {
    pub amount: i64,
    pub currency: Currency,
}

impl Money {
    /// Whole and hundredths of US dollars.
    pub const fn usd(cents: i64) -> Self {
        Self { amount: cents, currency: Currency::USD }
    }
}

impl fmt::Display for Money {
    /// `$1,850` or `-CA$12`; hundredths are shown only when there are some.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.amount < 0 { "-" } else { "" };
        let symbol = match self.currency {
            Currency::USD => "$",
            Currency::CAD => "CA$",
            Currency::MXN => "MX$",
        };
        let (whole, cents) = (self.amount.unsigned_abs() / 100, self.amount.unsigned_abs() % 100);
        write!(f, "{sign}{symbol}{}", grouped(whole))?;
        if cents > 0 { write!(f, ".{cents:02}") } else { Ok(()) }
    }
}

/// Digits in groups of three: `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number as people write it, without the commas between its groups of three. `None` where a comma stands elsewhere,
/// as Europe writes decimals: `1850,50` is not 185,050.
pub fn ungrouped(text: &str) -> Option<String> {
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default().trim_start_matches(['-', '+']).len();
    let fits = !whole.contains(',') || ((1..=3).contains(&first) && groups.all(|group| group.len() == 3));
    (fits && !rest.contains(',')).then(|| text.replace(',', ""))
}

/// What the customer pays and what the carrier costs. Needs `finance_view`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Finance {
    pub revenue: Money,
    pub carrier_cost: Money,
}

/// How good a margin is: at least 15 %, at least 5 %, or less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarginGrade {
    Good,
    Thin,
    Poor,
}

impl Finance {
    /// Revenue less carrier cost; `None` when the two are in different currencies.
    pub fn margin(&self) -> Option<Money> {
        (self.revenue.currency == self.carrier_cost.currency).then(|| Money {
            amount: self.revenue.amount.saturating_sub(self.carrier_cost.amount),
            currency: self.revenue.currency,
        })
    }

    /// Margin % = (revenue − carrier cost) ÷ revenue; `None` without revenue.
    pub fn margin_percent(&self) -> Option<f64> {
        let margin = self.margin()?;
        (self.revenue.amount > 0).then(|| margin.amount as f64 * 100.0 / self.revenue.amount as f64)
    }

    /// The grade that colours the margin on a card.
    pub fn grade(&self) -> Option<MarginGrade> {
        Some(match self.margin_percent()? {
            p if p >= 15.0 => MarginGrade::Good,
            p if p >= 5.0 => MarginGrade::Thin,
            _ => MarginGrade::Poor,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finance(revenue: i64, cost: i64) -> Finance {
        Finance { revenue: Money::usd(revenue), carrier_cost: Money::usd(cost) }
    }

    #[test]
    fn is_written_with_groups_and_cents_only_where_there_are_some() {
        assert_eq!(Money::usd(185_000).to_string(), "$1,850");
        assert_eq!(Money::usd(-123_456_789).to_string(), "-$1,234,567.89");
        assert_eq!(Money { amount: 5, currency: Currency::CAD }.to_string(), "CA$0.05");
    }

    #[test]
    fn commas_part_groups_and_nothing_else() {
        for (text, plain) in [("1,234,567.8", "1234567.8"), ("1850", "1850"), ("", ""), ("12,345", "12345")] {
            assert_eq!(ungrouped(text).as_deref(), Some(plain), "{text}");
        }
        for text in ["1850,50", "1,85", ",500", "1234,567", "1.850,50", "1,,000"] {
            assert_eq!(ungrouped(text), None, "{text}");
        }
    }

    #[test]
    fn margin_is_graded_at_15_and_5_percent() {
        for (cost, grade) in [
            (8_500, MarginGrade::Good),
            (8_501, MarginGrade::Thin),
            (9_500, MarginGrade::Thin),
            (9_501, MarginGrade::Poor),
            (12_000, MarginGrade::Poor),
        ] {
            assert_eq!(finance(10_000, cost).grade(), Some(grade), "cost {cost}");
        }
    }

    #[test]
    fn margin_is_unknown_without_revenue_or_across_currencies() {
        assert_eq!(finance(0, 100).margin_percent(), None);
        let mixed = Finance { revenue: Money::usd(100), carrier_cost: Money { amount: 1, currency: Currency::MXN } };
        assert_eq!(mixed.margin(), None);
    }
}
