//! Rows of a text, whichever way it separates them, written as the server reads them.

use crate::{api::load_files::IMPORT_ROWS, domain::money::grouped};
use std::borrow::Cow;

/// Rows that can be sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// With commas, names of columns first.
    pub csv: String,
    /// Without the names of the columns.
    pub rows: usize,
    /// What was assumed, where that may be wrong.
    pub notes: Vec<String>,
}

/// Why a text is no sheet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSheet {
    #[error("The file is empty. It needs the names of the columns, then a line for each load.")]
    Empty,
    #[error("The file has the names of the columns and no load below them.")]
    NoRows,
    #[error("The file has {} rows; at most {} go in at once. Split it.", grouped(*.0 as u64), grouped(IMPORT_ROWS as u64))]
    TooMany(usize),
    #[error("The quotation mark that opens in row {0} is never closed. Put it right and choose the file again.")]
    OpenQuote(usize),
}

/// Columns whose numbers may be written with a comma for the decimals, where semicolons separate.
const AMOUNTS: [&str; 2] = ["revenue", "carrier_cost"];

/// Reads a text: with commas, semicolons or tabs; with lines that end in whatever way.
pub fn sheet(text: &str) -> Result<Sheet, NoSheet> {
    let (told, text) = announced(text);
    let separator = told.unwrap_or_else(|| separator_of(text));
    let mut rows = split(text, separator)?.into_iter();
    let names: Vec<String> = rows.next().ok_or(NoSheet::Empty)?.iter().map(|name| column_name(name)).collect();
    let amounts: Vec<bool> = names.iter().map(|name| AMOUNTS.contains(&name.as_str())).collect();
    let mut sheet = Sheet::default();
    write(&mut sheet.csv, names.iter().map(|name| Cow::Borrowed(name.as_str())));
    for row in rows {
        sheet.rows += 1;
        let cells = row.iter().zip(0..).map(|(cell, at)| match amounts.get(at) {
            Some(true) if separator == ';' => point_for_comma(cell),
            _ => Cow::Borrowed(cell.as_str()),
        });
        write(&mut sheet.csv, cells);
    }
    match sheet.rows {
        0 => return Err(NoSheet::NoRows),
        rows if rows > IMPORT_ROWS => return Err(NoSheet::TooMany(rows)),
        _ => {}
    }
    let separated_by = match separator {
        ';' => "semicolons",
        '\t' => "tabs",
        _ => return Ok(sheet),
    };
    sheet.notes.push(format!("The columns are separated by {separated_by}."));
    Ok(sheet)
}

/// Excel's own line `sep=;`, where there is one, and what follows.
fn announced(text: &str) -> (Option<char>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match first.trim_end().strip_prefix("sep=").map(|named| named.chars().collect::<Vec<_>>()) {
        Some(named) if named.len() == 1 => (Some(named[0]), rest),
        _ => (None, text),
    }
}

/// What separates the names of the columns.
fn separator_of(text: &str) -> char {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: char| first.matches(separator).count();
    [',', ';', '\t'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(',')
}

/// `Pickup Facility` is `pickup_facility`.
fn column_name(name: &str) -> String {
    name.trim().to_lowercase().split([' ', '-', '_']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

/// `1.850,50` is `1850.50`.
fn point_for_comma(cell: &str) -> Cow<'_, str> {
    match cell.rsplit_once(',') {
        Some((whole, cents)) if cents.len() <= 2 && cents.bytes().all(|byte| byte.is_ascii_digit()) => {
            Cow::Owned(format!("{}.{cents}", whole.replace(['.', ' '], "")))
        }
        _ => Cow::Borrowed(cell),
    }
}

/// Rows of cells (RFC 4180); rows without anything in them are left out.
fn split(text: &str, separator: char) -> Result<Vec<Vec<String>>, NoSheet> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut began_at) = (false, 0);
    let mut letters = text.chars().peekable();
    let mut end_row = |row: &mut Vec<String>, cell: &mut String| {
        row.push(std::mem::take(cell));
        let row = std::mem::take(row);
        if row.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push(row);
        }
        rows.len() + 1
    };
    let mut number = 1;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            _ if quoted => cell.push(letter),
            // Only at the begin of a cell: the mark for inches stands in the middle of one.
            '"' if cell.trim().is_empty() => {
                cell.clear();
                (quoted, began_at) = (true, number);
            }
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' | '\r' => number = end_row(&mut row, &mut cell),
            _ if letter == separator => row.push(std::mem::take(&mut cell)),
            _ => cell.push(letter),
        }
    }
    if quoted {
        return Err(NoSheet::OpenQuote(began_at));
    }
    end_row(&mut row, &mut cell);
    Ok(rows)
}

/// Adds a row with commas.
pub fn write<'a>(csv: &mut String, cells: impl Iterator<Item = Cow<'a, str>>) {
    for (cell, at) in cells.zip(0..) {
        if at > 0 {
            csv.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            csv.push('"');
            csv.push_str(&cell.replace('"', "\"\""));
            csv.push('"');
        } else {
            csv.push_str(&cell);
        }
    }
    csv.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn csv(text: &str) -> String {
        sheet(text).expect("a sheet").csv
    }

    #[test]
    fn commas_semicolons_and_tabs_separate() {
        let expected = "customer,weight_lbs\nPrairie,42000\n";
        for text in [
            "customer,weight_lbs\nPrairie,42000",
            "Customer;Weight lbs\r\nPrairie;42000\r\n",
            "CUSTOMER\tweight-lbs\rPrairie\t42000\r",
            "sep=;\r\ncustomer;weight_lbs\nPrairie;42000\n\n;;\n",
        ] {
            assert_eq!(csv(text), expected, "{text:?}");
        }
        assert_eq!(sheet("a;b\n1;2").expect("a sheet").notes, ["The columns are separated by semicolons."]);
        assert!(sheet("a,b\n1,2").expect("a sheet").notes.is_empty());
    }

    #[test]
    fn quotation_marks_hold_cells_together() {
        assert_eq!(csv("a;b\n\"x; y\";\"say \"\"hi\"\"\"\n"), "a,b\nx; y,\"say \"\"hi\"\"\"\n");
        assert_eq!(csv("a,b\n\"two\nlines\",3\n"), "a,b\n\"two\nlines\",3\n");
        assert_eq!(csv("a,b\nPipe 12\" long,1\n"), "a,b\n\"Pipe 12\"\" long\",1\n");
        assert_eq!(sheet("a,b\n1,2\n\"open,3\n4,5"), Err(NoSheet::OpenQuote(3)));
    }

    #[test]
    fn amounts_with_a_comma_for_the_decimals_are_read_where_semicolons_separate() {
        assert_eq!(csv("customer;revenue\nA, B;1.850,50\n"), "customer,revenue\n\"A, B\",1850.50\n");
        assert_eq!(csv("customer;revenue\nA;1,850\n"), "customer,revenue\nA,\"1,850\"\n");
        assert_eq!(csv("customer,revenue\nA,\"1850,50\"\n"), "customer,revenue\nA,\"1850,50\"\n");
    }

    #[test]
    fn a_file_without_loads_or_with_too_many_is_none() {
        assert_eq!(sheet(" \n\n"), Err(NoSheet::Empty));
        assert_eq!(sheet("customer,equipment\n"), Err(NoSheet::NoRows));
        let many = format!("customer\n{}", "A\n".repeat(IMPORT_ROWS + 1));
        assert_eq!(sheet(&many), Err(NoSheet::TooMany(IMPORT_ROWS + 1)));
        assert_eq!(
            NoSheet::TooMany(6_200).to_string(),
            "The file has 6,200 rows; at most 5,000 go in at once. Split it."
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(rows in prop::collection::vec(prop::collection::vec("[a-z,;\"\n ]{0,8}x", 3), 1..8)) {
            let mut written = String::new();
            for row in &rows {
                write(&mut written, row.iter().map(|cell| Cow::Borrowed(cell.as_str())));
            }
            prop_assert_eq!(split(&written, ',').expect("rows"), rows);
        }
    }
}
