//! The bytes of a file as text, whichever program wrote it.

/// Why a file is none that rows can be read from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    #[error("This is a workbook, not a CSV file. In Excel: File, Save as, “CSV UTF-8”. Then choose that file.")]
    Workbook,
    #[error("This is not a text file. Choose a CSV file: text, one load a line, with the names of the columns first.")]
    Binary,
}

/// A file's text, and what was assumed to read it, where that may be wrong.
pub fn decode(bytes: &[u8]) -> Result<(String, Option<&'static str>), NotText> {
    // The marks of a ZIP archive, which newer workbooks are, and of older Office files.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(NotText::Workbook);
    }
    let units =
        |read: fn([u8; 2]) -> u16| bytes.as_chunks::<2>().0.iter().skip(1).map(|pair| read(*pair)).collect::<Vec<_>>();
    let text = match bytes {
        [0xFF, 0xFE, ..] => String::from_utf16(&units(u16::from_le_bytes)).map_err(|_| NotText::Binary)?,
        [0xFE, 0xFF, ..] => String::from_utf16(&units(u16::from_be_bytes)).map_err(|_| NotText::Binary)?,
        _ if bytes.contains(&0) => return Err(NotText::Binary),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).map_err(|_| NotText::Binary)?,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => {
                let text = bytes.iter().map(|byte| windows_1252(*byte)).collect();
                return Ok((
                    text,
                    Some(
                        "The file is not UTF-8; it was read as Windows-1252, as Excel writes it. Look at names with accents.",
                    ),
                ));
            }
        },
    };
    if text.contains('\0') { Err(NotText::Binary) } else { Ok((text, None)) }
}

/// A character of the code page that Windows writes in the West.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..0xA0 => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_whatever_way_it_was_written() {
        let utf16 = |mark: [u8; 2], write: fn(u16) -> [u8; 2]| {
            mark.into_iter().chain("Löwe €".encode_utf16().flat_map(write)).collect::<Vec<u8>>()
        };
        for bytes in [
            "Löwe €".as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", "Löwe €".as_bytes()].concat(),
            utf16([0xFF, 0xFE], u16::to_le_bytes),
            utf16([0xFE, 0xFF], u16::to_be_bytes),
        ] {
            assert_eq!(decode(&bytes), Ok(("Löwe €".to_owned(), None)), "{bytes:?}");
        }
        let (text, note) = decode(b"L\xF6we \x80").expect("text");
        assert_eq!(text, "Löwe €");
        assert!(note.is_some_and(|note| note.contains("Windows-1252")));
    }

    #[test]
    fn what_is_no_text_is_named() {
        assert_eq!(decode(b"PK\x03\x04rest"), Err(NotText::Workbook));
        assert_eq!(decode(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1]), Err(NotText::Workbook));
        assert_eq!(decode(b"\x89PNG\x00\x01"), Err(NotText::Binary));
        assert_eq!(decode(b"\xEF\xBB\xBF\xFF\xFF"), Err(NotText::Binary));
    }
}
