//! Keys and pastes as terminals send them, whole and in pieces.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use proptest::prelude::*;

use super::*;

/// What the pieces say, each followed by more or, at the end, by nothing.
fn decode(pieces: &[&[u8]]) -> Vec<Input> {
    let mut decoder = Decoder::default();
    let mut found: Vec<Input> = pieces
        .iter()
        .flat_map(|piece| decoder.take(piece))
        .collect();
    found.extend(decoder.give_up());
    found
}

fn names(bytes: &[u8]) -> String {
    let name = |input| match input {
        Input::Key(key) => {
            let mut name = String::new();
            for (modifier, sign) in [
                (KeyModifiers::CONTROL, "C-"),
                (KeyModifiers::ALT, "A-"),
                (KeyModifiers::SHIFT, "S-"),
            ] {
                if key.modifiers.contains(modifier) {
                    name.push_str(sign);
                }
            }
            match key.code {
                KeyCode::Char(c) => name.push(c),
                KeyCode::F(n) => name.push_str(&format!("F{n}")),
                code => name.push_str(&format!("{code:?}")),
            }
            name
        }
        Input::Paste(text) => format!("<{text}>"),
        Input::Report => "report".to_owned(),
    };
    let all: Vec<String> = decode(&[bytes]).into_iter().map(name).collect();
    all.join(" ")
}

#[test]
fn the_keys_of_the_terminals() {
    for (bytes, keys) in [
        ("aĐ\r\t\x7f", "a S-Đ Enter Tab Backspace"),
        ("\x01\x1a\x1c\0", "C-a C-z C-4 C- "),
        ("\x1b", "Esc"),
        ("\x1b\x1b", "Esc Esc"),
        ("\x1bb\x1bệ", "A-b A-ệ"),
        ("\x1b[A\x1bOB\x1b[1;5C\x1b[1;3D", "Up Down C-Right A-Left"),
        (
            "\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~",
            "Home End Home End Home End",
        ),
        (
            "\x1b[2~\x1b[3~\x1b[5~\x1b[6;5~",
            "Insert Delete PageUp C-PageDown",
        ),
        (
            "\x1bOP\x1b[11~\x1b[[A\x1b[1;2P\x1b[15~\x1b[24~",
            "F1 F1 F1 S-F1 F5 F12",
        ),
        ("\x1b[Z\x1b\r\x1b\x1b[A", "S-BackTab A-Enter A-Up"),
        ("\x1bOM\x1bOp", "Enter 0"),
        ("\x1b[a\x1b[5^\x1b[3$", "S-Up C-PageUp S-Delete"),
        ("\x1b[97;5u\x1b[27;5;13~", "C-a C-Enter"),
        ("\x1b[I\x1b[O\x1b[?1;2c\x1b[<0;1;1M\x1b[M !!x", "x"),
        ("\x1b[200~a\x1b[Ab\r\nc\x1b[201~d", "<a\x1b[Ab\r\nc> d"),
        ("\x1b[", "A-["),
        ("\x1bO", "A-O"),
    ] {
        assert_eq!(names(bytes.as_bytes()), keys, "{bytes:?}");
    }
    // No letter, and half of one.
    assert_eq!(names(b"\xff\xc3a\xe1\xba"), "a");
}

#[test]
fn an_answer_is_never_typed() {
    let answer = b"\x1b[24;80R";
    for at in 1..answer.len() {
        let (a, b) = answer.split_at(at);
        assert_eq!(decode(&[a, b]), [Input::Report], "{at}");
        // Even when its rest comes after it was given up: at most the Escape at its front is a key.
        let mut decoder = Decoder::default();
        decoder.take(a);
        let begun = decoder.give_up();
        let mut rest = decoder.take(b);
        rest.extend(decoder.give_up());
        let typed = rest.iter().filter(|input| matches!(input, Input::Key(_)));
        assert_eq!(typed.count(), 0, "{at} {begun:?} {rest:?}");
    }
    assert_eq!(names(b"a\x1b[1;1Rb\x1b[1;2R"), "a report b report");
}

#[test]
fn what_is_typed_after_an_escape_is_typed() {
    let mut decoder = Decoder::default();
    decoder.take(b"\x1b");
    assert_eq!(decoder.give_up().len(), 1);
    for text in ["[", "[12", "5", "a"] {
        let typed = decoder.take(text.as_bytes()).len() + decoder.give_up().len();
        assert_eq!(typed, text.len(), "{text}");
    }
}

#[test]
fn the_end_of_a_paste_may_come_in_pieces_and_a_paste_is_not_endless() {
    let text = "chữ ".repeat(1000);
    let bytes = format!("\x1b[200~{text}\x1b[201~");
    for size in [1, 3, 7, 1024] {
        let pieces: Vec<&[u8]> = bytes.as_bytes().chunks(size).collect();
        assert_eq!(decode(&pieces), [Input::Paste(text.clone())], "{size}");
    }
}

#[test]
fn a_paste_whose_end_mark_is_lost_ends_when_nothing_more_comes() {
    for (bytes, text) in [
        ("\x1b[200~chữ", "chữ"),
        ("\x1b[200~chữ \x1b[A và\x1b[20", "chữ \x1b[A và"),
        ("\x1b[200~", ""),
    ] {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.take(bytes.as_bytes()), []);
        assert!(decoder.is_pasting() && !decoder.waits());
        assert_eq!(decoder.give_up(), [Input::Paste(text.to_owned())]);
        // Keys are keys again.
        assert!(!decoder.is_pasting());
        assert_eq!(after(&mut decoder, b"x").len(), 1);
    }
}

/// What comes, and then nothing for a moment.
fn after(decoder: &mut Decoder, bytes: &[u8]) -> Vec<Input> {
    let mut found = decoder.take(bytes);
    if decoder.is_unclear() {
        found.extend(decoder.give_up());
    }
    found
}

#[test]
fn the_rest_of_a_paste_that_stalled_is_text_and_a_key_meanwhile_a_key() {
    let paste = |text: &str| Input::Paste(text.to_owned());
    let broken = |bytes: &str| {
        let mut decoder = Decoder::default();
        decoder.take(bytes.as_bytes());
        let text = decoder.give_up();
        (decoder, text)
    };
    let (mut decoder, text) = broken("\x1b[200~Kính gửi");
    assert_eq!(text, [paste("Kính gửi")]);
    // A hand: at most a few keys at once.
    for (bytes, many) in [("\x1b[B", 1), ("q", 1), ("ế\r", 2), ("\x1b[5;1R", 0)] {
        let keys = after(&mut decoder, bytes.as_bytes());
        let many_keys = keys.iter().filter(|i| matches!(i, Input::Key(_))).count();
        assert_eq!(many_keys, many, "{bytes:?} {keys:?}");
    }
    // The rest, in pieces, stalling again.
    assert_eq!(after(&mut decoder, b"\rq\x13xoa het\r"), []);
    assert!(decoder.is_pasting());
    assert_eq!(decoder.take(b"y\r"), []);
    assert_eq!(decoder.give_up(), [paste("\rq\x13xoa het\ry\r")]);
    assert_eq!(decoder.take(b"cu\x1b[201~q").len(), 2);
    assert_eq!(decoder.take(b"qqqqqqqq").len(), 8, "its end has come");
    // Broken off within a letter, and within the end mark.
    let text = "\x1b[200~chữ\x1b[201~q".as_bytes();
    for at in 6..text.len() - 1 {
        let (begun, rest) = text.split_at(at);
        let mut decoder = Decoder::default();
        let mut found = decoder.take(begun);
        if decoder.is_pasting() {
            found.extend(decoder.give_up());
        }
        found.extend(after(&mut decoder, rest));
        let mut all = String::new();
        for input in &found {
            if let Input::Paste(text) = input {
                all.push_str(text);
            }
        }
        let keys = found.iter().filter(|i| matches!(i, Input::Key(_))).count();
        assert_eq!((all.as_str(), keys), ("chữ", 1), "{at} {found:?}");
    }
    // Another paste is another paste; after enough typing no rest is awaited.
    let (mut decoder, _) = broken("\x1b[200~a");
    assert_eq!(decoder.take(b"\x1b[200~bcdef\x1b[201~"), [paste("bcdef")]);
    let (mut decoder, _) = broken("\x1b[200~a");
    for _ in 0..BY_HAND {
        assert_eq!(after(&mut decoder, b"x").len(), 1);
    }
    assert_eq!(decoder.take(b"xxxxxxxx").len(), 8);
}

proptest! {
    #[test]
    fn however_it_is_split_it_says_the_same(
        parts in prop::collection::vec(prop::sample::select(vec![
            "a", "ễ", "\r", "\x1b[A", "\x1bOP", "\x1b[15~", "\x1b[1;5C", "\x1bb", "\x1b[3;7R", "\x1b[200~q\x1b[201~", "\x1b[[B",
        ]), 1..12),
        size in 1usize..9,
    ) {
        let bytes = parts.concat().into_bytes();
        let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
        prop_assert_eq!(decode(&pieces), decode(&[&bytes]));
    }

    #[test]
    fn anything_may_come(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..6)) {
        let mut decoder = Decoder::default();
        for piece in &pieces {
            decoder.take(piece);
            decoder.give_up();
        }
    }
}
