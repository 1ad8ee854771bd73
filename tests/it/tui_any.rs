//! Any keys at any size: the program lives, and what it draws stays inside the window.

use proptest::prelude::*;

use crate::support::driver::{Driver, program};
use crate::support::world::World;
use danvan::tui::Options;

const KEYS: [&str; 64] = [
    "a",
    "L",
    "R",
    "T",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F8",
    "F9",
    "F10",
    "Enter",
    "Enter",
    "Enter",
    "Esc",
    "Esc",
    "Tab",
    "Tab",
    "Shift-Tab",
    "Up",
    "Down",
    "Left",
    "Right",
    "PgUp",
    "PgDn",
    "Home",
    "End",
    "Del",
    "Backspace",
    "Space",
    "Ctrl-S",
    "Ctrl-Z",
    "Ctrl-L",
    "Ctrl-P",
    "Ctrl-W",
    "Ctrl-K",
    "Ctrl-J",
    "Alt-Enter",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "c",
    "f",
    "s",
    "d",
    "p",
    "t",
    "o",
    "v",
    "h",
    "x",
    "m",
    "/",
    "đ",
    "ễ",
    "漢",
    "a",
    "b",
    "9",
];

#[derive(Clone, Debug)]
enum Act {
    Press(&'static str),
    Resize(u16, u16),
    Paste(String),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => prop::sample::select(KEYS.to_vec()).prop_map(Act::Press),
        1 => (1u16..300, 1u16..100).prop_map(|(w, h)| Act::Resize(w, h)),
        1 => (40u16..81, 10u16..25).prop_map(|(w, h)| Act::Resize(w, h)),
        1 => "\\PC{0,12}".prop_map(Act::Paste),
    ]
}

fn play(driver: &mut Driver, acts: &[Act]) {
    for act in acts {
        match act {
            Act::Press(key) => driver.press(key),
            Act::Resize(w, h) => driver.resize(*w, *h),
            Act::Paste(text) => driver.paste(text),
        };
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn no_keys_at_no_size_stop_the_program(acts in prop::collection::vec(act(), 1..120)) {
        let mut driver = program(World::on("2025-03-14"), Options::default(), 80, 24);
        play(&mut driver, &acts);
        driver.resize(80, 24);
        prop_assert!(driver.screen().contains("F1"));
    }
}
