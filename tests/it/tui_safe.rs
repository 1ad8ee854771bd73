//! Nothing typed is lost, nothing is stored twice, nobody's words vanish, nothing runs by accident.

use danvan::app::drafts::{self, Draft};
use danvan::app::{Config, Cx, petitions, records, secrecy};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::domain::value::Value;
use danvan::tui::Options;
use danvan::tui::command::Scope;
use danvan::tui::screen::drafts::DraftsScreen;
use std::path::{Path, PathBuf};

use crate::support::driver::{Driver, program};
use crate::support::seen::{says, shows};
use crate::support::world::World;

const TODAY: &str = "2025-03-14";

fn open(world: World) -> Driver {
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press("5");
    driver
}

fn world() -> (World, i64) {
    let mut world = World::on(TODAY);
    let id = world.petition("2025-03-03", "complaint", &[("officer", "Hoa")]);
    (world, id)
}

fn go_to(driver: &mut Driver, label: &str) {
    for _ in 0..40 {
        let mark = format!("> {label}");
        if driver.screen().lines().any(|line| line.starts_with(&mark)) {
            return;
        }
        driver.press("Tab");
    }
    panic!("no field {label}:\n{}", driver.screen());
}

fn fill(driver: &mut Driver, subject: &str) {
    driver.press("F2");
    go_to(driver, "Loại đơn");
    driver.type_("kiến nghị");
    go_to(driver, "Nội dung");
    driver.type_(subject);
}

fn petitions_in(cx: &Cx) -> usize {
    records::count(cx, &Query::all(Kind::Petition)).unwrap()
}

fn kept(config: &Config) -> Vec<Draft> {
    drafts::list(config).unwrap()
}

/// The same office in another program, of another clerk.
fn other(driver: &mut Driver) -> Cx {
    let config = Config {
        actor: "hung".into(),
        ..driver.cx().config().clone()
    };
    Cx::open(&config).unwrap()
}

fn set(cx: &mut Cx, id: i64, key: &'static str, text: &str) {
    let fields = [(key, Value::Text(text.into()))];
    records::edit(cx, Kind::Petition, id, None, &fields).unwrap();
}

fn text_of(driver: &mut Driver, id: i64, key: &str) -> String {
    let record = records::get(driver.cx(), Kind::Petition, id).unwrap();
    record.get(key).text().unwrap_or_default().to_owned()
}

/// Ends the program without a word, as a kill does, and starts it again.
fn start_again(driver: Driver) -> Driver {
    let mut again = program(driver.into_office(), Options::default(), 80, 24);
    again.press("5");
    let waiting = drafts::waiting(again.cx()).unwrap();
    let view = danvan::tui::view_of(again.cx(), Options::default());
    if !waiting.is_empty() {
        again
            .root()
            .push(Box::new(DraftsScreen::new(waiting, &view)));
    }
    again.settle();
    again
}

fn draft_files(config: &Config) -> Vec<PathBuf> {
    let folder = config.state_dir.join("drafts");
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn what_is_typed_is_kept_a_second_later_and_an_untouched_form_leaves_nothing() {
    let mut driver = open(World::on(TODAY));
    let config = driver.cx().config().clone();
    driver.press("F2").second();
    assert!(kept(&config).is_empty());
    driver.press("Esc F2");
    go_to(&mut driver, "Nội dung");
    driver.type_("Đường liên ấp");
    driver.second();
    assert_eq!(kept(&config)[0].text("subject"), Some("Đường liên ấp"));
    driver.press("Esc");
    shows(&driver, "Bỏ những gì vừa nhập?");
    driver.press("c Enter");
    assert!(!says(&driver, "Bỏ những gì") && draft_files(&config).is_empty());
}

#[test]
fn drafts_that_wait_are_asked_about_one_after_the_other() {
    let mut driver = open(World::on(TODAY));
    driver.press("F2");
    go_to(&mut driver, "Nội dung");
    driver.type_("Đường liên ấp").second();
    let mut driver = start_again(driver);
    driver.press("Esc 6 F2");
    go_to(&mut driver, "Nội dung");
    driver.type_("Hỏi về đất").second();
    let mut driver = start_again(driver);
    shows(&driver, "Có bản nháp chưa lưu");
    shows(&driver, "đơn, ");
    shows(&driver, "Đường liên ấp");
    shows(&driver, "Hỏi về đất");
    driver.press("Enter Esc c Enter");
    shows(&driver, "Có bản nháp chưa lưu");
    assert_eq!(kept(driver.cx().config()).len(), 1);
    driver.press("F8 c Enter");
    assert!(!says(&driver, "Có bản nháp"), "{}", driver.screen());
    assert!(kept(driver.cx().config()).is_empty());
}

#[test]
fn a_draft_is_told_by_what_was_typed_in_the_words_of_the_form() {
    let mut driver = open(World::on(TODAY));
    driver.press("F2");
    go_to(&mut driver, "Loại đơn");
    driver.type_("kiến nghị").press("Tab").second();
    let driver = start_again(driver);
    // What the form brought along, as the day, was not typed.
    shows(&driver, "đơn, 1 ô");
    shows(&driver, "Loại đơn: kiến nghị");
    // Each key is told once.
    let screen = driver.screen();
    for key in ["Enter ", "Esc "] {
        assert_eq!(screen.matches(key).count(), 1, "{screen}");
    }
    assert!(!says(&driver, "recommendation"));
}

#[test]
fn a_draft_that_is_put_off_is_found_in_the_palette_again() {
    let mut driver = open(World::on(TODAY));
    fill(&mut driver, "Đường liên ấp");
    driver.second();
    let mut driver = start_again(driver);
    driver.press("Esc");
    assert!(!says(&driver, "Có bản nháp"));
    driver.press(":").type_("ban nhap").press("Enter");
    shows(&driver, "Có bản nháp chưa lưu");
    driver.press("Enter F10");
    shows(&driver, "đã lưu đơn 1/2025");
    assert_eq!(petitions_in(driver.cx()), 1);
    driver.press(":").type_("ban nhap").press("Enter");
    shows(&driver, "không có bản nháp nào");
}

#[test]
fn drafts_of_steps_and_rules_come_back_as_such() {
    let (world, id) = world();
    let mut driver = open(world);
    driver.press("x Enter");
    go_to(&mut driver, "Ghi chú");
    driver.type_("chờ xác minh").second();
    let mut driver = start_again(driver);
    shows(&driver, "phân loại, ");
    driver.press("Enter");
    shows(&driver, "chờ xác minh");
    driver.press("F10");
    assert_eq!(
        petitions::steps(driver.cx(), id).unwrap().len(),
        1,
        "{}",
        driver.screen()
    );

    driver.press("R F2").type_("KN_THU").press("Tab").second();
    let mut driver = start_again(driver);
    shows(&driver, "quy định hạn");
    driver.press("Enter");
    shows(&driver, "KN_THU");
}

#[test]
fn a_draft_of_what_was_stored_meanwhile_is_no_ghost() {
    let (world, id) = world();
    let mut driver = open(world);
    driver.press("F3");
    go_to(&mut driver, "Người phụ trách");
    driver.press("Ctrl-U").type_("Minh").second();
    set(&mut other(&mut driver), id, "officer", "Minh");
    let mut driver = start_again(driver);
    assert!(!says(&driver, "Có bản nháp"), "{}", driver.screen());
    assert!(draft_files(driver.cx().config()).is_empty());
}

#[test]
fn what_is_being_typed_in_a_running_program_is_not_asked_about() {
    let mut driver = open(World::on(TODAY));
    fill(&mut driver, "Đường liên ấp");
    driver.second();
    let cx = other(&mut driver);
    assert_eq!(kept(cx.config()).len(), 1);
    assert!(drafts::waiting(&cx).unwrap().is_empty());
    let office = driver.into_office();
    assert_eq!(drafts::waiting(&cx).unwrap().len(), 1);
    drop(office);
}

#[test]
fn a_draft_forgets_the_writer_of_what_someone_else_made_a_denunciation() {
    let (world, id) = world();
    let mut driver = open(world);
    driver.press("F3");
    go_to(&mut driver, "Địa chỉ");
    driver.type_("ấp Không Tên").second();
    let config = driver.cx().config().clone();
    assert_eq!(kept(&config)[0].text("address"), Some("ấp Không Tên"));
    // Someone whose drafts are kept elsewhere.
    let mut theirs = Cx::open(&Config {
        state_dir: config.state_dir.join("hung"),
        ..config.clone()
    })
    .unwrap();
    secrecy::make_denunciation(&mut theirs, id, None, &[]).unwrap();
    let _driver = start_again(driver);
    for path in draft_files(&config) {
        assert!(!std::fs::read_to_string(path).unwrap().contains("Không Tên"));
    }
}

/// No draft says this.
fn untold(config: &Config, text: &str) {
    for path in draft_files(config) {
        let draft = std::fs::read_to_string(path).unwrap();
        assert!(!draft.contains(text), "{draft}");
    }
}

#[test]
fn a_text_that_tells_the_writer_is_kept_in_no_draft_of_what_may_be_a_denunciation() {
    let mut driver = open(World::on(TODAY));
    let config = driver.cx().config().clone();
    driver.press("F2");
    go_to(&mut driver, "Loại đơn");
    driver.type_("khiếu nại");
    go_to(&mut driver, "Người gửi");
    driver.type_("Lê Thị Bông");
    go_to(&mut driver, "Nội dung");
    driver.type_("Bà Bông (Lê Thị) kể việc bên đường").second();
    assert_eq!(kept(&config)[0].text("petitioner"), Some("Lê Thị Bông"));
    go_to(&mut driver, "Ghi chú");
    driver.type_("đã gọi lại");
    go_to(&mut driver, "Loại đơn");
    driver.type_("tố cáo").press("Tab").second();
    untold(&config, "Bông");
    let mut driver = start_again(driver);
    assert_eq!(kept(&config)[0].text("note"), Some("đã gọi lại"));
    driver.press("Enter").second();
    untold(&config, "Bông");
    assert!(!driver.screen().contains("Bông"), "{}", driver.screen());
    // While the type is not said it may become one.
    let early = Draft {
        fields: vec![
            ("petitioner".into(), "Lê Thị Bông".into()),
            ("subject".into(), "Đơn của Lê Thị Bông".into()),
            ("note".into(), "nộp tay".into()),
        ],
        ..Draft::of(Kind::Petition)
    };
    drafts::save(&config, &early).unwrap();
    untold(&config, "Bông");
}

#[test]
fn what_was_typed_before_someone_else_made_it_a_denunciation_may_name_the_writer_and_goes() {
    let (world, id) = world();
    let mut driver = open(world);
    driver.press("F3");
    go_to(&mut driver, "Ghi chú");
    driver.type_("bà Bông gọi hỏi").second();
    let config = driver.cx().config().clone();
    assert_eq!(kept(&config)[0].text("note"), Some("bà Bông gọi hỏi"));
    let mut theirs = Cx::open(&Config {
        state_dir: config.state_dir.join("hung"),
        ..config.clone()
    })
    .unwrap();
    secrecy::make_denunciation(&mut theirs, id, None, &[]).unwrap();
    let _driver = start_again(driver);
    untold(&config, "Bông");
}

#[test]
fn rows_under_a_head_keep_no_denouncer_either() {
    let world = World::on(TODAY);
    let row = |matter: &str, visitor: &str| drafts::DraftRow {
        kind: Kind::Reception,
        fields: vec![
            ("matter_type".into(), matter.into()),
            ("visitor".into(), visitor.into()),
        ],
    };
    let draft = Draft {
        form: drafts::Form::Rows,
        rows: vec![
            row("complaint", "Lê Thị Bông"),
            row("denunciation", "Không Tên"),
        ],
        ..Draft::of(Kind::Reception)
    };
    drafts::save(world.cx.config(), &draft).unwrap();
    let kept = kept(world.cx.config()).remove(0);
    assert_eq!(kept.form, drafts::Form::Rows);
    assert_eq!(kept.rows[0], draft.rows[0]);
    assert_eq!(
        kept.rows[1].fields,
        [("matter_type".into(), "denunciation".to_owned())]
    );
    // A change of a petition that does not say its type may be about a denunciation.
    let edit = Draft {
        record: Some(1),
        fields: vec![
            ("address".into(), "ấp Không Tên".into()),
            ("note".into(), "x".into()),
        ],
        base: vec![("address".into(), "ấp Không Tên".into())],
        ..Draft::of(Kind::Petition)
    };
    drafts::save(world.cx.config(), &edit).unwrap();
    for path in draft_files(world.cx.config()) {
        assert!(!std::fs::read_to_string(path).unwrap().contains("Không Tên"));
    }
}

/// A form that is saved while its draft, as it was just before, comes back: the answer was lost on the way.
fn answer_lost(driver: &mut Driver, change: (&str, &str)) {
    driver.second();
    let config = driver.cx().config().clone();
    let path = draft_files(&config).remove(0);
    let text = std::fs::read_to_string(&path).unwrap();
    driver.press("F10");
    assert!(draft_files(&config).is_empty(), "{}", driver.screen());
    std::fs::write(path, text.replace(change.0, change.1)).unwrap();
}

/// Restores the only draft without looking whether it is stored, as a program that was started before the save would.
fn restore(driver: Driver) -> Driver {
    let mut again = program(driver.into_office(), Options::default(), 80, 24);
    again.press("5");
    let waiting = kept(again.cx().config());
    let view = danvan::tui::view_of(again.cx(), Options::default());
    again
        .root()
        .push(Box::new(DraftsScreen::new(waiting, &view)));
    again.settle();
    again.press("Enter");
    again
}

#[test]
fn sending_again_after_a_lost_answer_stores_one_record() {
    let mut driver = open(World::on(TODAY));
    fill(&mut driver, "Đường liên ấp");
    answer_lost(&mut driver, ("", ""));
    let mut driver = restore(driver);
    shows(&driver, "Đường liên ấp");
    driver.press("F10");
    let message = driver.root().message().map(|m| m.text.clone());
    assert!(message.unwrap().starts_with("đã lưu từ trước: đơn 1/2025"));
    assert_eq!(petitions_in(driver.cx()), 1);
    assert!(draft_files(driver.cx().config()).is_empty());
}

#[test]
fn a_form_whose_answer_was_lost_is_not_asked_about_unless_more_was_typed() {
    let mut driver = open(World::on(TODAY));
    fill(&mut driver, "Đường liên ấp");
    answer_lost(&mut driver, ("", ""));
    let driver = start_again(driver);
    assert!(!says(&driver, "Có bản nháp"), "{}", driver.screen());

    let mut driver = open(World::on(TODAY));
    fill(&mut driver, "Đường liên ấp");
    answer_lost(&mut driver, ("liên ấp", "liên ấp 3"));
    let mut driver = start_again(driver);
    driver.press("Enter F10");
    shows(&driver, "bạn nhập: Đường liên ấp 3");
    shows(&driver, "đã lưu: Đường liên ấp");
    driver.press("Enter F10");
    assert_eq!(petitions_in(driver.cx()), 1);
    assert_eq!(text_of(&mut driver, 1, "subject"), "Đường liên ấp 3");
}

#[test]
fn a_step_is_sent_once_too() {
    let (world, id) = world();
    let mut driver = open(world);
    driver.press("x Enter");
    go_to(&mut driver, "Ghi chú");
    driver.type_("chờ xác minh");
    answer_lost(&mut driver, ("", ""));
    let mut driver = restore(driver);
    driver.press("F10");
    let message = driver.root().message().map(|m| m.text.clone());
    assert!(message.unwrap().starts_with("đã lưu từ trước: đơn 1/2025"));
    assert_eq!(petitions::steps(driver.cx(), id).unwrap().len(), 1);
}

#[test]
fn a_token_is_forgotten_after_ninety_days() {
    let mut world = World::on(TODAY);
    let once = |world: &mut World, token: &str| {
        let save = |cx: &mut Cx| {
            let new = records::NewRecord {
                fields: vec![
                    ("received_on", Value::Date(cx.today())),
                    ("type", Value::Text("complaint".into())),
                    ("subject", Value::Text("Việc".into())),
                ],
                ..records::NewRecord::default()
            };
            records::add(cx, Kind::Petition, &[new]).map(|mut added| added.remove(0))
        };
        let get = |cx: &Cx, id| records::get(cx, Kind::Petition, id);
        let sent = danvan::app::once::once(&mut world.cx, token, save, get).unwrap();
        (sent.saved.head().id, sent.earlier)
    };
    assert_eq!(once(&mut world, "a"), (1, false));
    world.later("2025-06-12");
    assert_eq!(once(&mut world, "b"), (2, false));
    assert_eq!(once(&mut world, "a"), (1, true));
    world.later("2025-06-13");
    assert_eq!(once(&mut world, "c"), (3, false));
    assert_eq!(once(&mut world, "a"), (4, false));
    assert_eq!(once(&mut world, "b"), (2, true));
}

#[test]
fn changes_to_different_fields_join_with_a_note() {
    let (world, id) = world();
    let mut driver = open(world);
    driver.press("F3");
    set(&mut other(&mut driver), id, "address", "ấp 3");
    go_to(&mut driver, "Người phụ trách");
    driver.press("Ctrl-U").type_("Minh").press("F10");
    shows(&driver, "đã lưu đơn 1/2025");
    let message = driver.root().message().map(|m| m.text.clone()).unwrap();
    assert!(
        message.ends_with("; giữ cả phần hung vừa sửa: Địa chỉ"),
        "{message}"
    );
    assert_eq!(text_of(&mut driver, id, "officer"), "Minh");
    assert_eq!(text_of(&mut driver, id, "address"), "ấp 3");
}

#[test]
fn a_conflict_is_settled_field_by_field_and_leaving_it_loses_nothing() {
    let (world, id) = world();
    let mut driver = open(world);
    driver.press("F3");
    let mut theirs = other(&mut driver);
    set(&mut theirs, id, "officer", "Lan");
    set(&mut theirs, id, "subject", "Tranh chấp đất");
    set(&mut theirs, id, "address", "ấp 3");
    go_to(&mut driver, "Nội dung");
    driver.press("Ctrl-U").type_("Bồi thường đất");
    go_to(&mut driver, "Người phụ trách");
    driver.press("Ctrl-U").type_("Minh").press("F10");
    shows(&driver, "Cùng một ô sửa hai nơi: đơn 1/2025");
    shows(&driver, "hung đã lưu lúc 14/03/2025");
    shows(&driver, "bạn nhập: Minh");
    shows(&driver, "hung đã lưu: Tranh chấp đất");
    shows(&driver, "Phần hung sửa ở ô khác được giữ: Địa chỉ");
    // Leaving the question stores nothing and keeps what was typed; saving asks again.
    driver.press("F10 Esc");
    shows(&driver, "Minh");
    assert_eq!(text_of(&mut driver, id, "officer"), "Lan");
    driver.press("F10 Down Down Enter Down Enter");
    shows(&driver, "đã ghép vào biểu");
    assert_eq!(
        text_of(&mut driver, id, "officer"),
        "Lan",
        "only looked at so far"
    );
    driver.press("F10");
    shows(&driver, "đã lưu đơn 1/2025");
    assert_eq!(
        text_of(&mut driver, id, "subject"),
        "Tranh chấp đất; Bồi thường đất"
    );
    assert_eq!(text_of(&mut driver, id, "officer"), "Lan");
    assert_eq!(text_of(&mut driver, id, "address"), "ấp 3");
}

#[test]
fn who_has_the_record_open_is_told() {
    let (world, _) = world();
    let mut driver = open(world);
    let folder = PathBuf::from(format!("{}.open", driver.cx().config().db.display()));
    driver.press("F3");
    let mut second = program(other(&mut driver), Options::default(), 80, 24);
    second.press("5 Enter");
    shows(&second, "đang sửa từ ");
    second.press("F3");
    assert!(
        second
            .root()
            .message()
            .is_some_and(|m| m.text.contains("đang sửa từ "))
    );
    shows(&second, "đang sửa từ ");
    driver.press("Esc Enter");
    shows(&driver, "đang sửa từ ");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 3);
    // What a killed program leaves behind is taken away by the next who looks.
    std::fs::write(folder.join("petition-1.0-1-0-0"), "edit").unwrap();
    second.press("Esc Esc");
    driver.press("Esc Enter");
    assert!(!says(&driver, "đang"), "{}", driver.screen());
    drop(second);
    driver.press("Esc");
    assert!(!folder.exists());
}

#[test]
fn a_folder_that_cannot_be_made_is_no_trouble() {
    let (world, _) = world();
    let mut driver = open(world);
    let folder = format!("{}.open", driver.cx().config().db.display());
    std::fs::write(folder, "a file").unwrap();
    driver.press("Enter");
    assert!(driver.root().message().is_none());
    driver.press("F3");
    shows(&driver, "sửa đơn 1/2025");
}

/// A number that changes when the database is written.
struct Watch(rusqlite::Connection);

impl Watch {
    fn on(db: &Path) -> Watch {
        Watch(rusqlite::Connection::open(db).unwrap())
    }

    fn version(&self) -> i64 {
        let sql = "PRAGMA data_version";
        self.0.query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

#[test]
fn no_key_changes_data_without_a_further_different_key() {
    let mut world = World::on(TODAY);
    let id = world.petition("2025-03-03", "complaint", &[("unit", "29602@2020-01-01")]);
    let gone = world.petition("2025-03-04", "complaint", &[]);
    records::set_removed(&mut world.cx, Kind::Petition, gone, true).unwrap();
    world.step(id, "classify", "2025-03-04", &[("jurisdiction", "own")]);
    world.add(
        Kind::Dialogue,
        &[("held_on", "2025-03-01"), ("topic", "Đất đai")],
    );
    let mut driver = open(world);
    let watch = Watch::on(&driver.cx().config().db.clone());
    let places = [
        ("1", Scope::Home),
        ("2", Scope::Tree),
        ("5", Scope::List),
        ("5 o", Scope::List),
        ("5 Enter", Scope::Card),
        ("4 Enter", Scope::Card),
        ("5 F2", Scope::Form),
        ("5 F3", Scope::Form),
        ("5 x", Scope::Pick),
        ("5 F8", Scope::Ask),
        ("5 v", Scope::Read),
        ("1 a", Scope::Agenda),
        ("1 L Right Right", Scope::Days),
        ("1 R", Scope::Setup),
        ("1 T", Scope::Setup),
        ("7", Scope::Rates),
        ("7 x", Scope::Check),
        ("5 /", Scope::Find),
    ];
    let letters = ["d", "e", "o", "w", "đ", "ư", "Space", "Enter", "Backspace"];
    let before = watch.version();
    for (place, scope) in places {
        let rows = danvan::tui::command::in_scope(scope);
        let mut keys: Vec<String> = rows
            .flat_map(|row| row.keys.iter().map(|key| key.label()))
            .chain(letters.map(String::from))
            .filter(|key| key != "Ctrl-Q")
            .collect();
        keys.sort();
        keys.dedup();
        assert!(keys.len() > 10, "{place}");
        for key in keys {
            driver.press("5 Esc Esc Esc c Enter Esc Esc").press(place);
            driver.press(&key).press(&key).press(&key);
            assert_eq!(
                watch.version(),
                before,
                "{place}: {key}\n{}",
                driver.screen()
            );
        }
    }
}

#[test]
fn keys_that_come_with_the_question_are_no_answer() {
    let (world, _) = world();
    let mut driver = open(world);
    driver.together("F8 c Enter");
    shows(&driver, "phím đến cùng lúc với câu hỏi");
    shows(&driver, "Xóa đơn 1/2025?");
    assert_eq!(petitions_in(driver.cx()), 1);
    driver.together("c Enter");
    assert_eq!(petitions_in(driver.cx()), 0);
}

#[test]
fn a_paste_in_a_form_neither_saves_nor_moves_marked_or_not() {
    let long = "Kính gửi: Ủy ban nhân dân xã Long Hồ\nTôi tên là người dân ấp 3\nxin trình bày";
    for marked in [true, false] {
        let mut driver = open(World::on(TODAY));
        driver.press("F2");
        go_to(&mut driver, "Loại đơn");
        driver.type_("kiến nghị");
        go_to(&mut driver, "Nội dung");
        if marked {
            driver.paste(long);
        } else {
            driver.burst(long);
        }
        assert!(
            driver
                .screen()
                .lines()
                .any(|line| line.starts_with("> Nội dung"))
        );
        driver.second();
        let kept = kept(driver.cx().config());
        let subject = kept[0].text("subject").unwrap();
        assert_eq!(subject, long.replace('\n', " "));
        go_to(&mut driver, "Nội dung chi tiết");
        driver.paste(long);
        driver.second();
        let kept = drafts::list(driver.cx().config()).unwrap();
        assert_eq!(
            kept[0].text("content"),
            Some(long),
            "lines stay in a long text"
        );
    }
}

#[test]
fn commands_inside_a_burst_run_nothing() {
    let mut driver = open(World::on(TODAY));
    fill(&mut driver, "Việc ");
    let mut keys: Vec<String> = "Đường liên ấp hư hỏng kéo dài"
        .split(' ')
        .flat_map(|word| {
            word.chars()
                .map(String::from)
                .chain(["Space".to_owned()])
                .collect::<Vec<_>>()
        })
        .collect();
    keys.extend(["Ctrl-S", "F10", "Enter", "Esc", "Alt-1", "x", "y"].map(String::from));
    driver.together(&keys.join(" "));
    assert_eq!(petitions_in(driver.cx()), 0);
    shows(&driver, "Đường liên ấp hư hỏng kéo dài");
    shows(&driver, "đã bỏ 4 phím");
}

#[test]
fn a_megabyte_pasted_is_refused_whole_and_what_was_typed_stays() {
    let mut driver = open(World::on(TODAY));
    fill(&mut driver, "Đường liên ấp");
    let mut huge = "chữ \u{1b}[201~\u{13}\u{3}".repeat(100_000);
    huge.push_str("\u{1b}[21~");
    driver.paste(&huge);
    shows(&driver, "chưa dán gì: ô này nhận nhiều nhất");
    shows(&driver, "Đường liên ấp");
    driver.burst(&huge);
    shows(&driver, "chưa dán gì");
    driver.press("F10");
    shows(&driver, "đã lưu đơn 1/2025");
    assert_eq!(text_of(&mut driver, 1, "subject"), "Đường liên ấp");
    driver.press("/").paste(&huge);
    shows(&driver, "quá dài cho một dòng");
}

#[test]
fn a_heap_of_marks_is_thinned_and_nothing_hangs() {
    let mut driver = open(World::on(TODAY));
    fill(&mut driver, "Đường");
    let heap = "\u{301}".repeat(100_000);
    driver.paste(&heap);
    shows(&driver, "đã bỏ 99992 phím hay dấu điều khiển");
    driver.burst(&heap);
    driver.type_(" ấp 3").press("F10");
    assert!(text_of(&mut driver, 1, "subject").ends_with(" ấp 3"));
}

#[test]
fn a_window_may_change_its_size_at_every_key() {
    let mut driver = open(World::on(TODAY));
    driver.press("F2");
    go_to(&mut driver, "Nội dung");
    for (n, c) in "Đường liên ấp hư hỏng".chars().enumerate() {
        let n = u16::try_from(n).unwrap();
        driver
            .resize(1 + n * 37 % 130, 1 + n * 13 % 50)
            .type_(&c.to_string());
    }
    driver.resize(80, 24);
    shows(&driver, "Đường liên ấp hư hỏng");
}

#[test]
fn a_clock_that_goes_back_loses_no_draft_and_no_save() {
    let (world, id) = world();
    let mut driver = open(world);
    fill(&mut driver, "Đường liên ấp");
    driver.second();
    set(driver.cx(), id, "officer", "Lan");
    let config = Config {
        today: Some("2025-03-13".parse().unwrap()),
        ..driver.cx().config().clone()
    };
    let office = driver.into_office();
    let mut earlier = program(Cx::open(&config).unwrap(), Options::default(), 80, 24);
    earlier.press("5");
    let waiting = drafts::waiting(earlier.cx()).unwrap();
    assert_eq!(waiting.len(), 1);
    set(earlier.cx(), id, "officer", "Minh");
    let history = records::history(earlier.cx(), Kind::Petition, id).unwrap();
    let last = history.last().unwrap();
    assert_eq!(
        last.change.after.as_deref(),
        Some("Minh"),
        "in the order of writing"
    );
    assert!(last.at.starts_with("2025-03-13"));
    let view = danvan::tui::view_of(earlier.cx(), Options::default());
    earlier
        .root()
        .push(Box::new(DraftsScreen::new(waiting, &view)));
    earlier.settle();
    earlier.press("Enter").second();
    assert_eq!(kept(&config).len(), 1);
    drop(office);
}

#[test]
fn a_draft_that_cannot_be_written_is_told_and_the_text_stays() {
    let mut driver = open(World::on(TODAY));
    let state = driver.cx().config().state_dir.clone();
    let _ = std::fs::remove_dir_all(&state);
    std::fs::write(&state, "a file where the folder should be").unwrap();
    driver.press("F2");
    go_to(&mut driver, "Nội dung");
    driver.type_("Đường liên ấp").second();
    shows(&driver, "Không ghi được bản nháp");
    shows(&driver, "Đường liên ấp");
    driver.type_(" 3").second();
    assert!(!says(&driver, "Không ghi được"), "told once");
    shows(&driver, "Đường liên ấp 3");
    std::fs::remove_file(&state).unwrap();
    driver.type_(" hư").second();
    assert_eq!(
        kept(driver.cx().config())[0].text("subject"),
        Some("Đường liên ấp 3 hư")
    );
}
