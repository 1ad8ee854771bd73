//! How the screens look, whole, at the design size and at a wide one. `INSTA_UPDATE=always cargo test` takes a new look.

use crate::support::driver::{Driver, program};
use crate::support::world::World;
use danvan::domain::record::Kind;
use danvan::domain::words::Lang;
use danvan::tui::Options;
use danvan::tui::theme::ColorLevel;

/// A small office on 12/3/2026.
fn office() -> World {
    let mut world = World::on("2026-03-12");
    let matters = [
        (
            "2026-03-02",
            "complaint",
            "Không đồng ý phương án bồi thường, hỗ trợ, tái định cư dự án cầu qua sông",
            "29602",
        ),
        (
            "2026-03-04",
            "denunciation",
            "Cán bộ địa chính nhũng nhiễu",
            "29602",
        ),
        (
            "2026-03-05",
            "feedback",
            "Đường liên ấp hư hỏng kéo dài",
            "29551",
        ),
        (
            "2025-11-20",
            "recommendation",
            "Đề nghị mở rộng chợ",
            "29551",
        ),
    ];
    for (on, kind, subject, unit) in matters {
        world.petition(
            on,
            kind,
            &[("subject", subject), ("unit", unit), ("field", "land")],
        );
    }
    world.step(1, "accept", "2026-03-03", &[("document", "12/TB-UBND")]);
    world.step(4, "resolve", "2025-12-01", &[("document", "30/UBND-VP")]);
    let dialogue = world.add(
        Kind::Dialogue,
        &[
            ("held_on", "2026-02-10"),
            ("topic", "Đất đai và môi trường"),
            ("unit", "29602"),
            ("attendance", "124"),
        ],
    );
    let dialogue = dialogue.to_string();
    world.add(
        Kind::Opinion,
        &[
            ("dialogue", &dialogue),
            ("order", "1"),
            ("content", "Đề nghị nạo vét kênh"),
        ],
    );
    world.add(
        Kind::Model,
        &[
            ("name", "Tổ an toàn"),
            ("unit", "29602"),
            ("field", "defence_security"),
        ],
    );
    world.add(
        Kind::Reception,
        &[
            ("received_on", "2026-03-10"),
            ("content", "Hỏi kết quả xử lý đơn"),
            ("unit", "29602"),
        ],
    );
    world
}

fn at(width: u16, height: u16) -> Driver {
    program(office(), Options::default(), width, height)
}

/// The screen, the clock taken out.
fn look(driver: &Driver) -> String {
    let mut screen = driver.screen();
    for word in ["tính đến ", "as of "] {
        if let Some(at) = screen.find(word) {
            let clock = at + word.len();
            if screen.as_bytes().get(clock + 2) == Some(&b':') {
                screen.replace_range(clock..clock + 5, "hh:mm");
            }
        }
    }
    screen
}

#[test]
fn sections_at_the_design_size() {
    let mut driver = at(80, 24);
    for section in ["1", "2", "3", "4", "5", "6", "7"] {
        driver.press(section);
        insta::assert_snapshot!(format!("section_{section}_80x24"), look(&driver));
    }
}

#[test]
fn sections_on_a_wide_window() {
    let mut driver = at(120, 40);
    for section in ["1", "2", "3", "4", "5", "6", "7"] {
        driver.press(section);
        insta::assert_snapshot!(format!("section_{section}_120x40"), look(&driver));
    }
}

#[test]
fn a_petition_from_list_to_steps() {
    let mut driver = at(80, 24);
    driver.press("5 G k Enter");
    insta::assert_snapshot!("card_80x24", look(&driver));
    driver.press("v");
    insta::assert_snapshot!("why_80x24", look(&driver));
    driver.press("Esc m");
    insta::assert_snapshot!("actions_80x24", look(&driver));
    driver.press("Esc h");
    insta::assert_snapshot!("history_80x24", timeless(&driver.screen()));
    driver.press("Esc F3");
    insta::assert_snapshot!("form_80x24", look(&driver));
    driver.press("Esc F1");
    insta::assert_snapshot!("help_80x24", look(&driver));
}

/// The screen with every time of day taken out.
fn timeless(screen: &str) -> String {
    let is_clock = |word: &str| word.len() == 5 && word.as_bytes()[2] == b':';
    let words: Vec<&str> = screen
        .split(' ')
        .map(|word| if is_clock(word) { "hh:mm" } else { word })
        .collect();
    words.join(" ")
}

#[test]
fn the_smallest_window_ascii_and_english() {
    let options = Options {
        lang: Lang::En,
        ascii: true,
        color: ColorLevel::Never,
    };
    let mut driver = program(office(), options, 40, 10);
    for section in ["1", "2", "5", "7"] {
        driver.press(section);
        insta::assert_snapshot!(format!("section_{section}_40x10_ascii_en"), look(&driver));
    }
}
