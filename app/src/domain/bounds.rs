//! Bounds of what may be written on a load: the form keeps to them, and the server refuses what is beyond.

use std::ops::RangeInclusive;

/// Characters of a name, such as that of a customer.
pub const NAME_CHARS: usize = 120;
/// Characters of a text, such as instructions.
pub const PROSE_CHARS: usize = 4_000;
/// Characters of a reason, and of the note with an ETA.
pub const REASON_CHARS: usize = 500;
/// Characters of what a driver said.
pub const CALL_CHARS: usize = 2_000;
/// References of one load.
pub const REFERENCES: usize = 20;
/// Characters of one reference.
pub const REFERENCE_CHARS: usize = 60;
/// Stops of one load.
pub const STOPS: RangeInclusive<usize> = 2..=20;
/// Pounds. The limit of heavy-haul permits is far below; anything above is a slip of the keyboard.
pub const MOST_POUNDS: i32 = 250_000;
pub const MOST_MILES: i32 = 10_000;
/// 1,000,000.00 in minor units.
pub const MOST_MONEY: i64 = 100_000_000;
