//! A small office with some petitions, for the screens that count.

use super::driver::{Driver, program};
use super::world::World;
use danvan::domain::record::Kind;
use danvan::tui::Options;
use danvan::tui::lang::Lang;
use danvan::tui::theme::ColorLevel;
use tempfile::TempDir;

/// The day of the office, a Friday.
pub const TODAY: &str = "2026-06-12";
/// Xã Long Hồ and Xã Cái Nhum of Vĩnh Long, and a ward of Hà Nội.
pub const LONG_HO: &str = "29602";
/// The second commune.
pub const CAI_NHUM: &str = "29641";

/// The office: three matters in Long Hồ of which two are resolved, one late in Cái Nhum, a paper of last year.
pub fn office() -> World {
    let mut world = World::on(TODAY);
    for (subject, resolved) in [
        ("Tranh chấp ranh đất giữa hai hộ ấp 3", true),
        ("Bồi thường khi thu hồi đất làm cầu", true),
        ("Cấp giấy chứng nhận quyền sử dụng đất", false),
    ] {
        let fields = [("unit", LONG_HO), ("field", "land"), ("subject", subject)];
        let id = world.petition("2026-03-02", "complaint", &fields);
        world.step(id, "classify", "2026-03-03", &[("jurisdiction", "own")]);
        world.step(id, "accept", "2026-03-05", &[]);
        if resolved {
            world.step(id, "resolve", "2026-04-01", &[("outcome", "justified")]);
        }
    }
    let fields = [
        ("unit", CAI_NHUM),
        ("subject", "Đường liên ấp hư hỏng kéo dài"),
    ];
    let late = world.petition("2026-05-04", "complaint", &fields);
    world.step(late, "classify", "2026-05-05", &[("jurisdiction", "own")]);
    world.petition(
        "2025-04-01",
        "recommendation",
        &[("unit", LONG_HO), ("subject", "Xin sửa cống thoát nước")],
    );
    world.petition(
        "2026-06-08",
        "recommendation",
        &[("unit", LONG_HO), ("subject", "Đèn đường ấp 5")],
    );
    world.add(
        Kind::Reception,
        &[
            ("received_on", "2026-06-02"),
            ("unit", LONG_HO),
            ("content", "Hỏi về hồ sơ đất đai"),
        ],
    );
    world
}

/// The program over the office; the folder lives as long as what is returned.
pub fn open(world: World, options: Options, wide: u16, high: u16) -> (Driver, TempDir) {
    let (cx, dir) = world.into_parts();
    (program(cx, options, wide, high), dir)
}

/// Vietnamese, 80×24.
pub fn plain(world: World) -> (Driver, TempDir) {
    open(world, Options::default(), 80, 24)
}

/// English in ASCII without colour.
pub fn bare() -> Options {
    Options {
        lang: Lang::En,
        ascii: true,
        color: ColorLevel::Never,
    }
}

/// Whether every sign outside ASCII on the screen is a letter.
pub fn is_ascii_but_letters(screen: &str) -> bool {
    screen.chars().all(|c| c.is_ascii() || c.is_alphabetic())
}

/// The marked line of the screen.
pub fn marked(driver: &Driver) -> String {
    let screen = driver.screen();
    screen
        .lines()
        .find(|line| line.contains('>'))
        .unwrap_or_default()
        .to_owned()
}
