//! Keys as deeds name them, as browsers report them, and as people read them.

use leptos::ev::KeyboardEvent;

/// What is held down with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum With {
    Nothing,
    /// Or the command key of a Mac.
    Ctrl,
    Shift,
}

/// A key that does a deed: as the browser names it, letters small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub with: With,
    pub key: &'static str,
}

/// A key that was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    pub key: String,
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
}

impl Press {
    pub fn of(event: &KeyboardEvent) -> Self {
        Self {
            key: event.key(),
            ctrl: event.ctrl_key() || event.meta_key(),
            shift: event.shift_key(),
            alt: event.alt_key(),
        }
    }
}

impl Key {
    pub fn matches(self, press: &Press) -> bool {
        let with = match self.with {
            With::Nothing => !press.ctrl && (!press.shift || self.is_character()),
            With::Ctrl => press.ctrl && !press.shift,
            With::Shift => press.shift && !press.ctrl,
        };
        with && !press.alt && press.key.eq_ignore_ascii_case(self.key)
    }

    /// Types a character: belongs to whoever writes, and takes shift or not as the keyboard has it.
    pub fn is_character(self) -> bool {
        self.with == With::Nothing && self.key.chars().count() == 1
    }

    /// As a person reads it: `Ctrl+A`, `Space`, `↑`.
    pub fn label(self) -> String {
        let key = match self.key {
            " " => "Space".to_owned(),
            "ArrowUp" => "↑".to_owned(),
            "ArrowDown" => "↓".to_owned(),
            "ArrowLeft" => "←".to_owned(),
            "ArrowRight" => "→".to_owned(),
            "Escape" => "Esc".to_owned(),
            "ContextMenu" => "Menu".to_owned(),
            key if key.len() == 1 => key.to_ascii_uppercase(),
            key => key.to_owned(),
        };
        match self.with {
            With::Nothing => key,
            With::Ctrl => format!("Ctrl+{key}"),
            With::Shift => format!("Shift+{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, ctrl: bool, shift: bool) -> Press {
        Press { key: key.into(), ctrl, shift, alt: false }
    }

    #[test]
    fn a_letter_is_one_key_with_and_without_shift_and_another_with_ctrl() {
        let letter = Key { with: With::Nothing, key: "a" };
        let all = Key { with: With::Ctrl, key: "a" };
        assert!(letter.matches(&press("a", false, false)) && letter.matches(&press("A", false, true)));
        assert!(!letter.matches(&press("a", true, false)) && all.matches(&press("a", true, false)));
        assert!(!all.matches(&press("A", true, true)), "Ctrl+Shift+A is the browser's");
        assert!(!letter.matches(&Press { alt: true, ..press("a", false, false) }));
    }

    #[test]
    fn a_named_key_with_shift_is_another() {
        let walk = Key { with: With::Nothing, key: "ArrowDown" };
        let extend = Key { with: With::Shift, key: "ArrowDown" };
        assert!(walk.matches(&press("ArrowDown", false, false)) && !walk.matches(&press("ArrowDown", false, true)));
        assert!(extend.matches(&press("ArrowDown", false, true)));
    }

    #[test]
    fn keys_are_written_as_people_read_them() {
        let written = |with, key| Key { with, key }.label();
        assert_eq!(written(With::Nothing, " "), "Space");
        assert_eq!(written(With::Ctrl, "k"), "Ctrl+K");
        assert_eq!(written(With::Shift, "F10"), "Shift+F10");
        assert_eq!(written(With::Nothing, "Home"), "Home");
        assert_eq!(written(With::Shift, "ArrowUp"), "Shift+↑");
    }
}
