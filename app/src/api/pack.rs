//! Rows of one shape as short text: what a rendered page carries along for the browser is read on every load of it.
//!
//! A table is kept column by column, since what stands in a column is alike and compresses well. Numbers take one
//! letter for every five bits, a word or id that was said in its column before takes its number. No letter of it needs
//! to be escaped within a script, unless a word has such letters.

use std::collections::HashMap;
use uuid::Uuid;

/// Of six bits each. Five are of a number, the sixth says that more follow.
const LETTERS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
/// What each letter is worth; 64 for what is none.
const VALUES: [u8; 128] = {
    let mut values = [64; 128];
    let mut value = 0;
    while value < 64 {
        values[LETTERS[value] as usize] = value as u8;
        value += 1;
    }
    values
};
const MORE: u64 = 32;
/// Six bits a letter make 132, four more than an id has.
const LETTERS_OF_ID: usize = 22;

/// The text is none that [`Packer`] has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The board's data in the page can't be read.")]
pub struct Unreadable;

fn push_number(text: &mut String, mut number: u64) {
    while number >= MORE {
        text.push(char::from(LETTERS[(MORE | (number & (MORE - 1))) as usize]));
        number >>= 5;
    }
    text.push(char::from(LETTERS[number as usize]));
}

fn push_word(text: &mut String, word: &str) {
    push_number(text, word.len() as u64);
    text.push_str(word);
}

/// Small numbers of either sign are small: 0, -1, 1, -2 …
const fn unsigned(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

const fn signed(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[derive(Default)]
struct PackedColumn {
    text: String,
    words: HashMap<String, u64>,
    ids: HashMap<Uuid, u64>,
}

/// Writes rows: each value goes into the next column, so every row must say as many in the same order.
#[derive(Default)]
pub struct Packer {
    columns: Vec<PackedColumn>,
    at: usize,
}

impl Packer {
    fn column(&mut self) -> &mut PackedColumn {
        if self.at == self.columns.len() {
            self.columns.push(PackedColumn::default());
        }
        self.at += 1;
        &mut self.columns[self.at - 1]
    }

    pub fn end_row(&mut self) {
        self.at = 0;
    }

    pub fn number(&mut self, number: i64) {
        push_number(&mut self.column().text, unsigned(number));
    }

    pub fn maybe_number(&mut self, number: Option<i64>) {
        let column = self.column();
        // Apart from the number, so that it keeps its whole range.
        match number {
            Some(number) => {
                column.text.push('1');
                push_number(&mut column.text, unsigned(number));
            }
            None => column.text.push('0'),
        }
    }

    pub fn flag(&mut self, flag: bool) {
        self.column().text.push(if flag { '1' } else { '0' });
    }

    /// A word that other rows are likely to say as well.
    pub fn word(&mut self, word: &str) {
        let PackedColumn { text, words, .. } = self.column();
        if let Some(known) = words.get(word) {
            return push_number(text, *known);
        }
        push_number(text, 0);
        push_word(text, word);
        words.insert(word.to_owned(), words.len() as u64 + 1);
    }

    /// A text of this row alone.
    pub fn text(&mut self, text: &str) {
        push_word(&mut self.column().text, text);
    }

    pub fn texts(&mut self, texts: &[String]) {
        let column = self.column();
        push_number(&mut column.text, texts.len() as u64);
        texts.iter().for_each(|text| push_word(&mut column.text, text));
    }

    /// An id of this row alone.
    pub fn id(&mut self, id: Uuid) {
        push_id(&mut self.column().text, id);
    }

    /// An id that other rows are likely to have as well, or none.
    pub fn shared_id(&mut self, id: Option<Uuid>) {
        let PackedColumn { text, ids, .. } = self.column();
        let Some(id) = id else { return push_number(text, 0) };
        if let Some(known) = ids.get(&id) {
            return push_number(text, *known);
        }
        push_number(text, 1);
        push_id(text, id);
        ids.insert(id, ids.len() as u64 + 2);
    }

    /// What was written: how many columns and how long each is, then the columns.
    pub fn finish(self) -> String {
        let mut text = String::with_capacity(self.columns.iter().map(|column| column.text.len() + 8).sum());
        push_number(&mut text, self.columns.len() as u64);
        self.columns.iter().for_each(|column| push_number(&mut text, column.text.len() as u64));
        self.columns.iter().for_each(|column| text.push_str(&column.text));
        text
    }
}

fn push_id(text: &mut String, id: Uuid) {
    let mut bits = id.as_u128();
    for _ in 0..LETTERS_OF_ID {
        text.push(char::from(LETTERS[(bits & 63) as usize]));
        bits >>= 6;
    }
}

#[derive(Default)]
struct UnpackedColumn<'a> {
    rest: &'a str,
    words: Vec<&'a str>,
    ids: Vec<Uuid>,
}

impl<'a> UnpackedColumn<'a> {
    fn letter(&mut self) -> Result<u64, Unreadable> {
        let byte = *self.rest.as_bytes().first().ok_or(Unreadable)?;
        let value = VALUES.get(usize::from(byte)).copied().filter(|value| *value < 64).ok_or(Unreadable)?;
        self.rest = &self.rest[1..];
        Ok(u64::from(value))
    }

    fn number(&mut self) -> Result<u64, Unreadable> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(5) {
            let letter = self.letter()?;
            number |= (letter & (MORE - 1)) << shift;
            if letter < MORE {
                return Ok(number);
            }
        }
        Err(Unreadable)
    }

    fn size(&mut self) -> Result<usize, Unreadable> {
        usize::try_from(self.number()?).map_err(|_| Unreadable)
    }

    fn word(&mut self) -> Result<&'a str, Unreadable> {
        let length = self.size()?;
        let (word, rest) = self.rest.split_at_checked(length).ok_or(Unreadable)?;
        self.rest = rest;
        Ok(word)
    }

    fn id(&mut self) -> Result<Uuid, Unreadable> {
        let mut bits = 0;
        for place in 0..LETTERS_OF_ID {
            bits |= u128::from(self.letter()?) << (6 * place);
        }
        Ok(Uuid::from_u128(bits))
    }
}

/// Reads what a [`Packer`] has written, in the same order.
pub struct Unpacker<'a> {
    columns: Vec<UnpackedColumn<'a>>,
    at: usize,
}

impl<'a> Unpacker<'a> {
    pub fn new(text: &'a str) -> Result<Self, Unreadable> {
        let mut head = UnpackedColumn { rest: text, ..UnpackedColumn::default() };
        let count = head.size()?;
        // A column has a letter in the head at least.
        if count > text.len() {
            return Err(Unreadable);
        }
        let lengths = (0..count).map(|_| head.size()).collect::<Result<Vec<_>, _>>()?;
        let mut columns = Vec::with_capacity(count);
        for length in lengths {
            let (column, rest) = head.rest.split_at_checked(length).ok_or(Unreadable)?;
            columns.push(UnpackedColumn { rest: column, ..UnpackedColumn::default() });
            head.rest = rest;
        }
        Ok(Self { columns, at: 0 })
    }

    fn column(&mut self) -> Result<&mut UnpackedColumn<'a>, Unreadable> {
        self.at += 1;
        self.columns.get_mut(self.at - 1).ok_or(Unreadable)
    }

    pub fn end_row(&mut self) {
        self.at = 0;
    }

    pub fn number(&mut self) -> Result<i64, Unreadable> {
        self.column()?.number().map(signed)
    }

    pub fn small(&mut self) -> Result<i32, Unreadable> {
        i32::try_from(self.number()?).map_err(|_| Unreadable)
    }

    pub fn maybe_number(&mut self) -> Result<Option<i64>, Unreadable> {
        let column = self.column()?;
        Ok(if column.letter()? == 0 { None } else { Some(signed(column.number()?)) })
    }

    pub fn flag(&mut self) -> Result<bool, Unreadable> {
        Ok(self.column()?.letter()? != 0)
    }

    pub fn word(&mut self) -> Result<&'a str, Unreadable> {
        let column = self.column()?;
        let known = column.size()?;
        if known > 0 {
            return column.words.get(known - 1).copied().ok_or(Unreadable);
        }
        let word = column.word()?;
        column.words.push(word);
        Ok(word)
    }

    pub fn text(&mut self) -> Result<String, Unreadable> {
        self.column()?.word().map(str::to_owned)
    }

    pub fn texts(&mut self) -> Result<Vec<String>, Unreadable> {
        let column = self.column()?;
        let count = column.size()?;
        // Each has a letter at least.
        if count > column.rest.len() {
            return Err(Unreadable);
        }
        (0..count).map(|_| column.word().map(str::to_owned)).collect()
    }

    pub fn id(&mut self) -> Result<Uuid, Unreadable> {
        self.column()?.id()
    }

    pub fn shared_id(&mut self) -> Result<Option<Uuid>, Unreadable> {
        let column = self.column()?;
        match column.size()? {
            0 => Ok(None),
            1 => {
                let id = column.id()?;
                column.ids.push(id);
                Ok(Some(id))
            }
            known => column.ids.get(known - 2).copied().map(Some).ok_or(Unreadable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Row = (i64, Option<i64>, bool, String, Vec<String>, u128, Option<u8>);

    fn pack(rows: &[Row]) -> String {
        let mut packer = Packer::default();
        for (number, maybe, flag, text, texts, id, shared) in rows {
            packer.number(*number);
            packer.maybe_number(*maybe);
            packer.flag(*flag);
            packer.word(text);
            packer.text(text);
            packer.texts(texts);
            packer.id(Uuid::from_u128(*id));
            packer.shared_id(shared.map(|id| Uuid::from_u128(u128::from(id))));
            packer.end_row();
        }
        packer.finish()
    }

    fn unpack(text: &str, count: usize) -> Result<Vec<Row>, Unreadable> {
        let mut unpacker = Unpacker::new(text)?;
        let mut rows = Vec::new();
        for _ in 0..count {
            let (number, maybe, flag) = (unpacker.number()?, unpacker.maybe_number()?, unpacker.flag()?);
            let (word, text, texts) = (unpacker.word()?, unpacker.text()?, unpacker.texts()?);
            assert_eq!(word, text);
            let (id, shared) = (unpacker.id()?.as_u128(), unpacker.shared_id()?);
            let shared = shared.map(|id| u8::try_from(id.as_u128()).expect("one of the few"));
            rows.push((number, maybe, flag, text, texts, id, shared));
            unpacker.end_row();
        }
        Ok(rows)
    }

    #[test]
    fn what_is_small_or_was_said_before_takes_a_letter() {
        let row: Row = (-3, None, true, "Prairie Foods".into(), vec![], 0, Some(7));
        let [one, many] = [1, 101].map(|count| pack(&vec![row.clone(); count]).len());
        // A number, nothing, a flag, a known word, no texts and a known id; the text and the id are said anew.
        assert!(many - one <= 100 * (6 + 14 + LETTERS_OF_ID) + 16, "{one} {many}");
    }

    #[test]
    fn a_script_can_hold_it_as_it_is() {
        let text =
            pack(&[(i64::MIN, Some(i64::MAX), false, "Löwe & Sons".into(), vec!["PO 1".into()], u128::MAX, None)]);
        assert_eq!(format!("{text:?}"), format!("\"{text}\""));
        assert!(!text.contains('<'));
    }

    proptest! {
        #[test]
        fn rows_survive(rows in prop::collection::vec(any::<Row>(), 0..6)) {
            prop_assert_eq!(unpack(&pack(&rows), rows.len()), Ok(rows));
        }

        #[test]
        fn what_was_not_packed_is_refused(text: String, rows in 1..4usize) {
            let _ = unpack(&text, rows);
        }

        #[test]
        fn what_was_cut_short_is_refused(rows in prop::collection::vec(any::<Row>(), 1..4), cut in 1..9usize) {
            let text = pack(&rows);
            let mut end = text.len().saturating_sub(cut);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            prop_assert!(unpack(&text[..end], rows.len()).is_err());
        }
    }
}
