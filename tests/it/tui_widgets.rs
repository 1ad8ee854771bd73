//! Widgets under any keys, any text and any width: they never panic, and the cursor stands inside.

use danvan::domain::typing::Method;
use danvan::tui::lang::Lang;
use danvan::tui::screen::View;
use danvan::tui::theme::Theme;
use danvan::tui::widget::choice::{Answer, ChoiceField};
use danvan::tui::widget::date::DateField;
use danvan::tui::widget::line::LineField;
use danvan::tui::widget::memo::MemoField;
use danvan::tui::widget::typing::Aid;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Style;

/// What is done to a field.
#[derive(Clone, Debug)]
enum Act {
    Key(KeyEvent),
    Paste(String),
    NewLine,
    Up,
    Down,
    Draw(u16, u16),
}

fn letters() -> impl Strategy<Value = char> {
    prop_oneof![
        any::<char>(),
        prop::sample::select(vec![
            'a', 'ế', 'đ', ' ', '\u{302}', '\u{323}', '\u{301}', '国', '👩', '\u{200d}', '🏽', 'ﷺ',
            '/', '1',
        ]),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let codes = vec![
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::Char('w'),
        KeyCode::Char('k'),
        KeyCode::Char('u'),
        KeyCode::Char('a'),
        KeyCode::Char('e'),
        KeyCode::Char('b'),
        KeyCode::Char('f'),
        KeyCode::Char('h'),
        KeyCode::Char('d'),
    ];
    let modifiers = vec![KeyModifiers::NONE, KeyModifiers::CONTROL, KeyModifiers::ALT];
    let pressed = (prop::sample::select(codes), prop::sample::select(modifiers))
        .prop_map(|(code, with)| Act::Key(KeyEvent::new(code, with)));
    prop_oneof![
        4 => letters().prop_map(|c| Act::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE))),
        3 => pressed,
        1 => prop::collection::vec(letters(), 0..40).prop_map(|cs| Act::Paste(cs.into_iter().collect())),
        1 => Just(Act::NewLine),
        1 => Just(Act::Up),
        1 => Just(Act::Down),
        2 => (1u16..40, 1u16..5).prop_map(|(wide, high)| Act::Draw(wide, high)),
    ]
}

/// The typing aid off, in Telex, in VNI.
fn aids() -> impl Strategy<Value = Aid> {
    let methods = vec![None, Some(Method::Telex), Some(Method::Vni)];
    prop::sample::select(methods).prop_map(|method| Aid {
        method,
        ..Aid::default()
    })
}

fn view() -> View {
    View {
        theme: Theme::default(),
        lang: Lang::Vi,
        today: "2026-03-12".parse().unwrap(),
        sample: false,
        read_only: false,
        aid: Aid::default(),
    }
}

/// Draws on a window of this size; the cursor must stand inside it.
fn draw(wide: u16, high: u16, act: impl FnOnce(&mut ratatui::Frame)) {
    let mut terminal = Terminal::new(TestBackend::new(wide, high)).unwrap();
    terminal.draw(act).unwrap();
    let place = terminal.get_cursor_position().unwrap();
    assert!(
        place.x < wide && place.y < high,
        "{place:?} in {wide}×{high}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_line_takes_anything(acts in prop::collection::vec(act(), 0..60), aid in aids()) {
        let mut field = LineField::new("Lê Thị Bông");
        for act in acts {
            match act {
                Act::Key(key) => drop(field.key(key, aid)),
                Act::Paste(text) => field.paste(&text),
                Act::Draw(wide, high) => draw(wide, high, |f| field.view(f, f.area(), Style::new(), true)),
                _ => {}
            }
        }
        let value = field.value();
        prop_assert!(!value.contains('\n') && !value.chars().any(char::is_control));
    }

    #[test]
    fn a_long_text_takes_anything(acts in prop::collection::vec(act(), 0..60), aid in aids()) {
        let mut field = MemoField::new("đường liên ấp hư hỏng\nkéo dài");
        for act in acts {
            match act {
                Act::Key(key) => drop(field.key(key, aid)),
                Act::Paste(text) => field.paste(&text),
                Act::NewLine => field.new_line(),
                Act::Up => drop(field.up()),
                Act::Down => drop(field.down()),
                Act::Draw(wide, high) => {
                    prop_assert!(field.height(wide) >= 1);
                    draw(wide, high, |f| field.view(f, f.area(), Style::new(), true));
                }
            }
        }
        prop_assert!(!field.value().chars().any(|c| c.is_control() && c != '\n'));
    }

    #[test]
    fn a_date_and_a_choice_take_anything(acts in prop::collection::vec(act(), 0..60), aid in aids()) {
        let v = view();
        let mut date = DateField::new(None);
        let answers = ["khiếu nại", "tố cáo", "kiến nghị"].map(|label| Answer {
            value: label.to_owned(),
            label: label.to_owned(),
            short: String::new(),
        });
        let mut choice = ChoiceField::new(answers.to_vec(), "");
        for act in acts {
            match act {
                Act::Key(key) => {
                    date.key(key, aid);
                    choice.key(key, aid);
                }
                Act::Paste(text) => {
                    date.paste(&text);
                    choice.paste(&text);
                }
                Act::NewLine => {
                    date.settle(v.today);
                    choice.settle();
                }
                Act::Draw(wide, high) => draw(wide, high, |f| date.view(f, f.area(), Style::new(), true, &v)),
                _ => {}
            }
            prop_assert!(choice.typing() || choice.text() == choice.label());
        }
    }
}

#[test]
fn a_hundred_thousand_marks_are_one_letter_and_no_trouble() {
    let many: String = std::iter::once('e')
        .chain(std::iter::repeat_n('\u{301}', 100_000))
        .collect();
    let mut line = LineField::new(&many);
    let mut memo = MemoField::new(&many);
    draw(10, 2, |f| line.view(f, f.area(), Style::new(), true));
    draw(1, 1, |f| memo.view(f, f.area(), Style::new(), true));
    memo.paste(&many);
    let back = KeyEvent::new(KeyCode::Backspace, KeyModifiers::NONE);
    memo.key(back, Aid::default());
    memo.key(back, Aid::default());
    line.key(back, Aid::default());
    assert_eq!((line.value().as_str(), memo.value().as_str()), ("", ""));
}
