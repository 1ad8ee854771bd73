//! What a clerk looks for all day: how a petition ended, what a question is about, what lies outside the window.

use crate::support::cli;
use crate::support::driver::{Driver, program};
use crate::support::seen::{go_to, hides, says, shows};
use crate::support::world::World;
use danvan::domain::record::Kind;
use danvan::tui::Options;

fn open(world: World) -> Driver {
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press("5");
    driver
}

/// The row of the list that shows this text.
#[track_caller]
fn row(driver: &Driver, text: &str) -> String {
    let screen = driver.screen();
    let found = screen.lines().find(|line| line.contains(text));
    found
        .unwrap_or_else(|| panic!("no «{text}»\n{screen}"))
        .to_owned()
}

fn ended(world: &mut World, subject: &str, steps: &[(&str, &[(&str, &str)])]) -> i64 {
    let id = world.petition("2025-03-03", "complaint", &[("subject", subject)]);
    for (step, fields) in steps {
        world.step(id, step, "2025-03-05", fields);
    }
    id
}

#[test]
fn a_petition_that_has_ended_says_how() {
    let mut world = World::on("2025-03-14");
    ended(
        &mut world,
        "Việc rút",
        &[("withdraw", &[("whole", "true")])],
    );
    ended(&mut world, "Việc trả", &[("return", &[])]);
    ended(&mut world, "Việc lưu", &[("file_away", &[])]);
    ended(&mut world, "Việc hướng dẫn", &[("guide", &[])]);
    ended(&mut world, "Việc từ chối", &[("refuse", &[])]);
    let forward = [("to", "29602"), ("reply_due", "2025-03-20")];
    let there = [("forward", &forward[..]), ("reply", &[])];
    let replied = ended(&mut world, "Việc chuyển", &there);
    let stopped = [
        ("accept", &[][..]),
        ("suspend", &[("reason", "chờ")][..]),
        ("terminate", &[]),
    ];
    ended(&mut world, "Việc dừng", &stopped);
    assert_eq!(world.text(Kind::Petition, replied, "stage"), "closed_other");
    assert_eq!(world.text(Kind::Petition, replied, "ended"), "replied");
    let mut driver = open(world);
    for (subject, how) in [
        ("Việc rút", "đã rút đơn"),
        ("Việc trả", "đã trả đơn"),
        ("Việc lưu", "đã lưu đơn"),
        ("Việc hướng dẫn", "đã hướng dẫn"),
        ("Việc từ chối", "không thụ lý"),
        ("Việc chuyển", "đã có phúc đáp"),
        ("Việc dừng", "đã đình chỉ"),
    ] {
        let row = row(&driver, subject);
        assert!(row.ends_with(how), "{row}");
    }
    driver.press("/").type_("viec chuyen");
    assert!(row(&driver, "6/2025").ends_with("phúc đáp"));
    driver.press("Enter");
    shows(&driver, "Giai đoạn       đã có phúc đáp");
    hides(&driver, "kết thúc không giải quyết");
}

#[test]
fn an_answered_recommendation_says_so() {
    let mut world = World::on("2025-03-14");
    let id = world.petition("2025-03-03", "recommendation", &[("subject", "Mở chợ")]);
    world.step(id, "resolve", "2025-03-05", &[("outcome", "answered")]);
    let mut driver = open(world);
    shows(&driver, " đã trả lời · hạn");
    driver.press("Enter");
    shows(&driver, "Giai đoạn        đã trả lời");
}

#[test]
fn the_shell_says_how_a_petition_ended_and_its_codes_stay() {
    let cli = cli::World::new();
    let new = [
        "petition",
        "add",
        "--received-on",
        "3/3/2026",
        "--type",
        "complaint",
    ];
    cli.ok(&[&new[..], &["--subject", "Một việc"]].concat());
    let step = ["petition", "step", "1/2026", "withdraw", "--on", "5/3/2026"];
    cli.ok(&[&step[..], &["--whole"]].concat());
    let json = cli.json(&["petition", "show", "1/2026", "--json"]);
    assert_eq!(json["stage"], "closed_other");
    assert_eq!(json["ended"], "withdrawn");
    assert!(
        cli.ok(&["petition", "show", "1/2026"])
            .contains("đã rút đơn")
    );
    assert!(cli.ok(&["petition", "list"]).contains("đã rút đơn"));
    let found = cli.ok(&[
        "petition",
        "list",
        "--filter",
        "ended = withdrawn",
        "--count",
    ]);
    assert_eq!(found.trim(), "1");
}

#[test]
fn what_a_list_of_commands_cuts_stands_whole_below_it() {
    let mut driver = open(World::on("2025-03-14"));
    driver.press("F1").type_("hoan tac");
    let screen = driver.screen();
    let below = screen.lines().nth(20).unwrap();
    assert!(
        below.contains("lấy lại việc mình vừa làm (hỏi trước); trong danh sách việc đã làm"),
        "{screen}"
    );
    driver.press("Esc F1").type_("ctrl-l");
    assert_eq!(driver.screen().lines().nth(20).unwrap(), "");
}

#[test]
fn nothing_of_the_screen_shows_beside_what_stands_over_it() {
    for (wide, keys) in [(80, "F8"), (80, "F9"), (120, "F8"), (120, "h"), (160, "p")] {
        let mut world = World::on("2025-03-14");
        for _ in 0..30 {
            world.petition("2025-03-03", "complaint", &[("subject", "Hai bên hai bên")]);
        }
        let mut driver = program(world, Options::default(), wide, 24);
        driver.press("5").press(keys);
        let screen = driver.screen();
        let mut under = screen.lines().skip_while(|line| !line.starts_with("── "));
        let rule = under.next().unwrap();
        assert!(rule.ends_with('─'), "{screen}");
        let list = |line: &&str| line.contains("/2025   03/03");
        assert!(!under.any(|line| list(&line)), "{screen}");
    }
}

#[test]
fn a_form_says_how_many_fields_lie_outside_the_window() {
    let mut driver = open(World::on("2025-03-14"));
    driver.press("F2");
    let rule = |driver: &Driver| driver.screen().lines().nth(1).unwrap().to_owned();
    assert!(
        rule(&driver).contains("2 ô * còn trống · ▼ còn "),
        "{}",
        rule(&driver)
    );
    assert!(!rule(&driver).contains('▲'));
    go_to(&mut driver, "Loại đơn");
    driver.type_("kh");
    // What is being typed changes nothing above it.
    assert!(rule(&driver).contains("2 ô *"));
    driver.press("Tab");
    assert!(rule(&driver).contains("1 ô *"));
    go_to(&mut driver, "Ghi chú");
    assert!(rule(&driver).contains("▲ "), "{}", rule(&driver));
    assert!(!rule(&driver).contains('▼'));
    driver.resize(80, 60);
    assert!(!rule(&driver).contains('▲'));
}

#[test]
fn a_question_before_removing_says_what_is_removed_and_what_happens() {
    let mut world = World::on("2025-03-14");
    let fields = [("subject", "Đường liên ấp hư hỏng"), ("unit", "29593")];
    world.petition("2025-03-03", "feedback", &fields);
    let mut driver = open(world);
    for keys in ["F8", "Esc Enter F8"] {
        driver.press(keys);
        shows(&driver, "Xóa đơn 1/2025?");
        let screen = driver.screen();
        let box_ = screen.split("Xóa đơn").nth(1).unwrap();
        assert!(box_.contains("Đường liên ấp hư hỏng"), "{screen}");
        assert!(box_.contains("Bản ghi không mất"), "{screen}");
    }
}

/// A new petition with a day, a type and a subject, none of it saved.
fn fill(driver: &mut Driver) {
    driver.press("F2");
    go_to(driver, "Loại đơn");
    driver.type_("kh");
    go_to(driver, "Nội dung");
    driver.type_("Một việc").press("Tab");
}

#[test]
fn an_emptying_is_taken_back_before_the_answer_before_it() {
    for way_out in ["F10", "Shift-Tab"] {
        let mut driver = open(World::on("2025-03-14"));
        fill(&mut driver);
        go_to(&mut driver, "Ngày nhận");
        driver.press("Ctrl-U");
        hides(&driver, "14/03/2025");
        driver.press(way_out).press("Ctrl-Z");
        shows(&driver, "> Ngày nhận *");
        shows(&driver, "14/03/2025 thứ Sáu");
        shows(&driver, "Một việc");
    }
    // A field that may be empty.
    let mut driver = open(World::on("2025-03-14"));
    fill(&mut driver);
    go_to(&mut driver, "Nội dung");
    driver.press("Ctrl-U F10 Ctrl-Z");
    shows(&driver, "Một việc");
    shows(&driver, "khiếu nại");
}

#[test]
fn an_extension_that_no_days_make_good_stands_among_the_barred_steps() {
    let mut world = World::on("2025-03-14");
    let plain = world.petition("2025-03-03", "denunciation", &[]);
    world.step(plain, "accept", "2025-03-05", &[]);
    let mut driver = open(world);
    driver.press("x");
    hides(&driver, "gia hạn  ");
    driver.type_("chua lam").press("Enter").type_("gia han");
    shows(&driver, "chỉ gia hạn tố cáo phức tạp");
    driver.press("Enter");
    shows(&driver, "Việc làm được ở đây");

    let mut world = World::on("2025-03-14");
    let complex = world.petition("2025-03-03", "denunciation", &[]);
    world.step(complex, "accept", "2025-03-05", &[("complex", "true")]);
    let mut driver = open(world);
    driver.press("x");
    shows(&driver, "gia hạn  ");
}

#[test]
fn an_extension_of_a_passed_deadline_can_still_be_entered_by_its_day() {
    let mut world = World::on("2025-09-14");
    let id = world.petition("2025-03-03", "complaint", &[]);
    world.step(id, "accept", "2025-03-05", &[]);
    let mut driver = open(world);
    driver.press("x");
    shows(&driver, "gia hạn  ");
}

#[test]
fn a_change_of_many_asks_about_a_slip_once() {
    let mut world = World::on("2025-03-14");
    for _ in 0..2 {
        world.petition("2025-03-03", "complaint", &[]);
    }
    let mut driver = open(world);
    driver
        .press("Space Space F3")
        .type_("nguoi phu trach")
        .press("Enter");
    driver.type_("TRẦN VĂN MẪU").press("F10");
    shows(&driver, "Có vẻ nhầm");
    driver.press("Enter");
    shows(&driver, "TRẦN VĂN MẪU");
    driver.press("F10");
    hides(&driver, "Có vẻ nhầm");
    shows(&driver, "2 đơn sẽ đổi");
}

#[test]
fn the_list_goes_after_the_row_that_was_saved() {
    let mut world = World::on("2025-03-14");
    for n in 0..450_u32 {
        let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap()
            + chrono::Days::new(u64::from(n / 9));
        world.petition(&day.to_string(), "complaint", &[]);
    }
    let mut driver = open(world);
    driver
        .press("F3")
        .press("Ctrl-U")
        .type_("2/1/2025")
        .press("F10");
    shows(&driver, "> 450/2025  02/01");
    driver.press("Up");
    assert!(!says(&driver, "> 450/2025"));
    driver.press("Down");
    shows(&driver, "> 450/2025  02/01");
    driver.press("End");
    shows(&driver, "> 1/2025    01/01");
    driver.press("Home");
    shows(&driver, "> 449/2025");
}

#[test]
fn a_long_number_keeps_its_distance_in_what_is_due() {
    let mut world = World::on("2025-03-14");
    world.petition("2025-03-03", "complaint", &[("subject", "Mương bị lấp")]);
    let file = rusqlite::Connection::open(&world.cx.config().db).unwrap();
    file.execute("UPDATE petition SET number_seq = 29451", [])
        .unwrap();
    drop(file);
    let mut driver = open(world);
    driver.press("a");
    assert!(row(&driver, "Mương bị lấp").contains(" 29451/2025 "));
}

#[test]
fn letters_that_a_choice_refused_give_way_to_new_ones() {
    let mut driver = open(World::on("2025-03-14"));
    driver.press("F2");
    go_to(&mut driver, "Loại đơn");
    driver.press("k Tab");
    shows(&driver, "«k» chưa rõ");
    driver.press("t o");
    driver.press("Tab");
    shows(&driver, "tố cáo");
    hides(&driver, "chưa rõ");
}
