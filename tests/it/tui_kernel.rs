//! The stack of screens, keys, pastes and modals, on screens made for the tests.

use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use danvan::tui::command::{Command, Scope, State};
use danvan::tui::lang::Lang;
use danvan::tui::modal::confirm::Confirm;
use danvan::tui::modal::pick::{Pick, PickRow};
use danvan::tui::root::{Root, Screens};
use danvan::tui::screen::{DraftSlot, Flow, Screen, Title, Ui, View};
use danvan::tui::theme::{ColorLevel, Theme};
use danvan::tui::widget::line::LineField;
use danvan::tui::widget::list::{Column, List, Row};
use danvan::tui::widget::typing::Aid;
use ratatui::Frame;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::support::driver::{Driver, empty_cx};
use crate::support::seen::says;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn view() -> View {
    View {
        theme: Theme {
            color: ColorLevel::Sixteen,
            ascii: false,
        },
        lang: Lang::Vi,
        today: day("2025-03-14"),
        sample: false,
        read_only: false,
        aid: Aid::default(),
    }
}

/// A list of numbers; F2 adds one through the worker, F8 removes after a question, Enter opens a field.
struct Numbers {
    list: List<i64>,
    stored: Arc<Mutex<Vec<i64>>>,
}

impl Numbers {
    fn load(&self, ui: &mut Ui) {
        let stored = Arc::clone(&self.stored);
        ui.run(
            move |_| stored.lock().unwrap().clone(),
            |numbers: &mut Numbers, rows: Vec<i64>, _| {
                let row = |n: &i64| Row {
                    key: *n,
                    cells: vec![format!("số {n}").into()],
                };
                numbers.list.set_rows(rows.iter().map(row).collect());
                Flow::Stay
            },
        );
    }
}

fn numbers(_: &View) -> Box<dyn Screen> {
    let stored = Arc::new(Mutex::new(vec![1, 2, 3]));
    Box::new(Numbers {
        list: List::new(vec![Column::new("Số", 6, 20, 0)]),
        stored,
    })
}

impl Screen for Numbers {
    fn state(&self, v: &View) -> State {
        let state = State {
            row: self.list.row().is_some(),
            register: true,
            ..State::new(Scope::List)
        };
        State {
            read_only: v.read_only,
            ..state
        }
    }

    fn title(&self, _: &View) -> Title {
        let count = format!("{} / {}", self.list.place() + 1, self.list.rows().len());
        Title {
            name: "Các số".to_owned(),
            about: vec!["năm 2025".to_owned()],
            count,
        }
    }

    fn start(&mut self, ui: &mut Ui) {
        self.load(ui);
    }

    fn resume(&mut self, ui: &mut Ui) {
        self.load(ui);
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Add => {
                let stored = Arc::clone(&self.stored);
                ui.run(
                    move |_| {
                        let mut stored = stored.lock().unwrap();
                        let next = stored.iter().max().map_or(1, |n| n + 1);
                        stored.push(next);
                        next
                    },
                    |numbers: &mut Numbers, next, ui| {
                        numbers.load(ui);
                        ui.note(format!("đã thêm số {next}"));
                        Flow::Stay
                    },
                );
                Flow::Stay
            }
            Command::Remove => {
                let key = self.list.key().copied().unwrap_or_default();
                let yes = danvan::tui::effect::then(move |numbers: &mut Numbers, ui: &mut Ui| {
                    let stored = Arc::clone(&numbers.stored);
                    ui.run(
                        move |_| stored.lock().unwrap().retain(|n| *n != key),
                        |numbers: &mut Numbers, (), ui| {
                            numbers.load(ui);
                            Flow::Stay
                        },
                    );
                    Flow::Stay
                });
                Flow::Push(Box::new(Confirm::new(
                    format!("Xóa số {key}?"),
                    Vec::new(),
                    Flow::PopThen(yes),
                )))
            }
            Command::Sort => {
                let rows = vec![
                    PickRow::new("up", ["tăng dần"]),
                    PickRow::new("down", ["giảm dần"]),
                ];
                let choose = Box::new(|row: PickRow| {
                    danvan::tui::effect::then(move |_: &mut Numbers, ui: &mut Ui| {
                        ui.note(format!("sắp {}", row.key));
                        Flow::Stay
                    })
                });
                Flow::Push(Box::new(Pick::fixed(
                    "Sắp theo",
                    vec![Column::new("", 10, 30, 0)],
                    rows,
                    choose,
                )))
            }
            Command::Open => Flow::Push(Box::new(Field {
                line: LineField::new(""),
            })),
            _ if self.list.command(c) => Flow::Stay,
            _ => Flow::Pass,
        }
    }

    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        self.list.view(f, area, v, true);
    }
}

/// One field.
struct Field {
    line: LineField,
}

fn field(_: &View) -> Box<dyn Screen> {
    Box::new(Field {
        line: LineField::new(""),
    })
}

impl Screen for Field {
    fn state(&self, _: &View) -> State {
        State::new(Scope::Form)
    }

    fn title(&self, _: &View) -> Title {
        Title {
            name: "một ô".to_owned(),
            ..Title::default()
        }
    }

    fn command(&mut self, _: Command, _: &mut Ui) -> Flow {
        Flow::Pass
    }

    fn text(&mut self, key: KeyEvent, ui: &mut Ui) -> Flow {
        self.line.key(key, ui.view.aid);
        Flow::Stay
    }

    fn paste(&mut self, text: &str, _: &mut Ui) -> Flow {
        self.line.paste(text);
        Flow::Stay
    }

    fn dirty(&self) -> bool {
        !self.line.value().is_empty()
    }

    fn status(&self, _: &View) -> Option<String> {
        Some("gõ chữ vào ô".to_owned())
    }

    fn view(&mut self, f: &mut Frame, area: Rect, _: &View) {
        self.line.view(f, area, Style::new(), true);
    }
}

const SCREENS: Screens = Screens {
    sections: &[numbers, field],
    find: |_| field(&view()),
    other: |_, _| None,
};

fn start_with(v: View, width: u16, height: u16) -> Driver {
    let root = Root::new(v, SCREENS, DraftSlot::default(), move || v.today);
    Driver::new(root, empty_cx(), width, height)
}

fn start() -> Driver {
    start_with(view(), 80, 24)
}

#[test]
fn a_list_shows_where_one_is_and_what_the_keys_do() {
    let mut driver = start();
    let screen = driver.screen();
    let lines: Vec<&str> = screen.lines().collect();
    assert_eq!(
        lines[0],
        " Các số   năm 2025                                                        1 / 3"
    );
    assert!(lines[3].starts_with("> số 1"), "{screen}");
    assert!(lines[23].starts_with(" F1 Giúp F2 Thêm F3 Sửa"), "{screen}");
    assert!(
        lines[22].contains("Enter mở") && lines[22].contains("/ tìm"),
        "{screen}"
    );
    assert_eq!(driver.cursor(), (0, 3));
    driver.press("j Down k");
    assert_eq!(driver.cursor(), (0, 4));
}

#[test]
fn jobs_answer_and_the_message_line_says_so() {
    let mut driver = start();
    driver.press("F2");
    assert!(says(&driver, "đã thêm số 4") && says(&driver, "1 / 4"));
    driver.press("n Down");
    assert!(!says(&driver, "đã thêm") && says(&driver, "/ 5"));
}

#[test]
fn the_key_that_asks_does_not_confirm() {
    let mut driver = start();
    driver.press("F8 F8 F8");
    assert!(says(&driver, "Xóa số 1?"));
    driver.press("Enter");
    assert!(says(&driver, "chưa trả lời"));
    driver.press("Esc");
    assert!(says(&driver, "1 / 3") && !says(&driver, "Xóa số"));
    driver.press("F8 c Enter");
    assert!(says(&driver, "1 / 2"), "{}", driver.screen());
}

#[test]
fn a_letter_from_a_vietnamese_keyboard_runs_its_base() {
    let mut driver = start();
    driver.press("ñ");
    assert!(says(&driver, "1 / 4"), "n with a tilde is n");
    let before = driver.screen();
    driver.press("Esc");
    let calm = driver.screen();
    assert_ne!(before, calm);
    for key in ["ư", "ơ", "w", "[", "]"] {
        driver.press(key);
        assert_eq!(driver.screen(), calm, "{key}");
    }
    driver.press("%");
    assert!(says(&driver, "F1 xem các lệnh"));
}

#[test]
fn pasted_text_runs_no_command_marked_or_not() {
    let mut driver = start();
    driver.paste("nnnnF8");
    assert!(says(&driver, "văn bản dán không chạy lệnh nào") && says(&driver, "1 / 3"));
    driver.burst("nenhopq\nnn");
    assert!(
        says(&driver, "nhiều chữ đến cùng lúc") && says(&driver, "1 / 3"),
        "{}",
        driver.screen()
    );
    driver.burst("jjjjjjjj");
    assert!(says(&driver, "3 / 3"));
    driver.burst("/đường liên ấp");
    assert!(says(&driver, "đường liên ấp"), "{}", driver.screen());
}

#[test]
fn text_goes_to_the_field_and_leaving_it_unsaved_asks() {
    let mut driver = start();
    driver.press("Enter").type_("nq?5 đơn");
    driver.paste(" của\ndân");
    assert!(says(&driver, "nq?5 đơn của dân") && says(&driver, "Các số › một ô"));
    assert_eq!(driver.cursor(), (16, 2));
    driver.press("Ctrl-Q");
    assert!(says(&driver, "Thoát chương trình?") && !driver.root().is_done());
    driver.press("Esc Ctrl-Q c Enter");
    assert!(driver.root().is_done());
}

#[test]
fn help_lists_the_commands_and_runs_the_line() {
    let mut driver = start();
    driver.press("?");
    assert!(says(&driver, "Các lệnh ở đây") && says(&driver, "thêm bản ghi mới"));
    driver.type_("them ban ghi").press("Enter");
    assert!(says(&driver, "đã thêm số 4"), "{}", driver.screen());
    driver.press(":").type_("bước xử lý đơn").press("Enter");
    assert!(
        says(&driver, "chỉ đơn thư có bước xử lý"),
        "{}",
        driver.screen()
    );
}

#[test]
fn what_is_not_possible_says_why() {
    let mut driver = start_with(
        View {
            read_only: true,
            ..view()
        },
        80,
        24,
    );
    assert!(says(&driver, "chỉ đọc") && !says(&driver, "F2"));
    driver.press("F2");
    assert!(says(&driver, "Thêm: đang mở ở chế độ chỉ đọc"));
    assert!(says(&driver, "1 / 3"));
}

#[test]
fn a_choice_filters_without_marks_and_goes_back_to_its_screen() {
    let mut driver = start();
    driver.press("s").type_("giam");
    assert!(!says(&driver, "tăng dần"));
    driver.press("Enter");
    assert!(says(&driver, "sắp down"));
}

#[test]
fn sections_are_left_and_found_again_as_they_were() {
    let mut driver = start();
    driver.press("Down Down 2");
    assert!(says(&driver, "một ô"));
    driver.press("Esc");
    assert!(says(&driver, "một ô"), "the base of a section stays");
}

#[test]
fn no_size_is_too_small_or_too_large() {
    let mut driver = start();
    for (width, height) in [
        (1, 1),
        (3, 1),
        (1, 30),
        (39, 24),
        (80, 9),
        (40, 10),
        (80, 24),
        (200, 60),
    ] {
        driver.resize(width, height);
        let small = width < 40 || height < 10;
        assert_eq!(says(&driver, "Các số"), !small, "{width}x{height}");
        driver.press("F8 Esc : Esc s Esc F2 Enter Esc");
    }
    driver.resize(30, 5);
    assert!(says(&driver, "cửa sổ quá nhỏ"));
}

#[test]
fn ascii_draws_no_sign_outside_ascii() {
    let mut driver = start_with(
        View {
            theme: Theme {
                color: ColorLevel::Never,
                ascii: true,
            },
            lang: Lang::En,
            ..view()
        },
        80,
        24,
    );
    for keys in ["Esc", "F8", "Esc :", "Esc s", "Esc Enter"] {
        let screen = driver.press(keys).screen();
        let sign = |c: char| !c.is_ascii() && !c.is_alphabetic();
        assert!(!screen.contains(sign), "{keys}: {screen}");
    }
}

#[test]
fn sample_data_says_so_on_every_screen() {
    let mut driver = start_with(
        View {
            sample: true,
            ..view()
        },
        40,
        10,
    );
    assert!(says(&driver, "MẪU"));
    driver.press("Enter").type_("x");
    assert!(says(&driver, "MẪU"));
}

#[test]
fn a_new_day_reaches_the_screens() {
    let today = Arc::new(Mutex::new(day("2025-03-14")));
    let clock = Arc::clone(&today);
    let root = Root::new(view(), SCREENS, DraftSlot::default(), move || {
        *clock.lock().unwrap()
    });
    let mut driver = Driver::new(root, empty_cx(), 80, 24);
    driver.root().take_changed();
    driver.minute();
    assert!(
        !driver.root().take_changed(),
        "nothing is drawn while the day is the same"
    );
    *today.lock().unwrap() = day("2025-03-15");
    driver.minute();
    assert!(driver.root().take_changed());
}
