//! Imports and undos in pieces, where something comes between: another program, another person, a failing disk. What is
//! written is whole, once, and names no denouncer; what is not written is told.
use crate::support::driver::program;
use crate::support::seen::shows;
use crate::support::world::World;
use danvan::app::import::{Phase, Plan, Prepared, Progress, Watch};
use danvan::app::{Cx, Error, records, secrecy, undo, upkeep};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::domain::value::Value;
use danvan::domain::words::Lang;
use danvan::exchange::read::{Encoding, Stop};
use danvan::transfer::{Import, Request};
use danvan::tui::Options;
use rusqlite::Connection;
use rustix::fs::{FlockOperation, flock};
use std::fs::File;

/// Rows that are written in one transaction: the others come in pieces.
const AT_ONCE: usize = 10;
const ROWS: usize = 40;

pub fn open(world: &World, kind: Kind, (name, text): (&str, &str)) -> Import {
    let path = world.file(name);
    std::fs::write(&path, text).unwrap();
    let request = Request {
        kind,
        path,
        map: None,
        sheet: None,
        encoding: Encoding::Auto,
    };
    Import::open(&world.file("state"), &request, &Stop::default()).unwrap()
}

pub fn on(_: Progress) -> bool {
    true
}

/// A file with its plan, to be written in pieces.
fn planned(world: &mut World, kind: Kind, file: (&str, &str)) -> (Import, Prepared) {
    let mut import = open(world, kind, file);
    let mut prepared = import.prepare(&mut world.cx, &mut on).unwrap();
    assert_eq!(prepared.plan.error, 0, "{:?}", prepared.plan.problems);
    prepared.at_once = AT_ONCE;
    (import, prepared)
}

fn bring(world: &mut World, text: &str, watch: Watch) -> Result<Plan, Error> {
    let (file, prepared) = planned(world, Kind::Petition, ("so.csv", text));
    file.carry_out(&mut world.cx, prepared, watch)
}

fn row(n: usize) -> String {
    format!("{:02}/08/2025;PA;Việc thứ {n};Người thứ {n}\n", 1 + n % 28)
}

fn book(rows: usize) -> String {
    let all: String = (0..rows).map(row).collect();
    format!("Ngày nhận;Loại;Nội dung;Người gửi\n{all}")
}

/// A row of [`book`], entered by hand.
fn enter(cx: &mut Cx, n: usize) -> i64 {
    let day = format!("2025-08-{:02}", 1 + n % 28);
    let fields = vec![
        ("received_on", Value::Date(day.parse().unwrap())),
        ("type", Value::Text("feedback".into())),
        ("subject", Value::Text(format!("Việc thứ {n}"))),
        ("petitioner", Value::Text(format!("Người thứ {n}"))),
    ];
    let new = records::NewRecord {
        fields,
        ..records::NewRecord::default()
    };
    records::add(cx, Kind::Petition, &[new]).unwrap()[0]
        .head()
        .id
}

fn edit(cx: &mut Cx, kind: Kind, id: i64, key: &'static str, value: &str) {
    let fields = [(key, Value::Text(value.into()))];
    records::edit(cx, kind, id, None, &fields).unwrap();
}

fn count(cx: &Cx, kind: Kind) -> usize {
    records::count(cx, &Query::all(kind)).unwrap()
}

fn papers(cx: &Cx) -> usize {
    count(cx, Kind::Petition)
}

fn raw(cx: &Cx) -> Connection {
    Connection::open(cx.config().db.clone()).unwrap()
}

fn number(conn: &Connection, sql: &str) -> i64 {
    conn.query_row(sql, [], |r| r.get(0)).unwrap()
}

/// What waits in the database, and whether a work is told of.
fn waiting(cx: &Cx) -> (i64, i64) {
    let conn = raw(cx);
    let rows = number(&conn, "SELECT count(*) FROM incoming");
    let works = "SELECT count(*) FROM setting WHERE key = 'long_work'";
    (rows, number(&conn, works))
}

/// What the rows say that wait to be written.
fn rows_that_wait(cx: &Cx) -> Vec<String> {
    let conn = raw(cx);
    let mut rows = conn.prepare("SELECT data FROM incoming").unwrap();
    let rows = rows.query_map([], |r| r.get::<_, Vec<u8>>(0)).unwrap();
    rows.map(|row| String::from_utf8_lossy(&row.unwrap()).into_owned())
        .collect()
}

fn doctor(cx: &Cx) -> Vec<String> {
    let found = upkeep::doctor(cx.config()).unwrap();
    let bad = found.into_iter().filter(|f| !f.ok);
    bad.map(|f| format!("{}: {}", f.code, f.what.en)).collect()
}

fn conflict<T: std::fmt::Debug>(came: &Result<T, Error>) -> bool {
    matches!(came, Err(Error::Conflict(_)))
}

/// The largest operation of this person.
fn largest(cx: &Cx) -> undo::Told {
    let all = undo::list(cx, true, 0, 99).unwrap();
    all.into_iter().max_by_key(|told| told.records).unwrap()
}

/// Another program that is at the long work.
fn at_work(cx: &Cx) -> File {
    let folder = cx.config().db.with_extension("db.open");
    std::fs::create_dir_all(&folder).unwrap();
    let file = File::create(folder.join("work")).unwrap();
    flock(&file, FlockOperation::NonBlockingLockExclusive).unwrap();
    file
}

#[test]
fn nothing_is_begun_while_another_program_is_at_a_long_work() {
    let mut world = World::on("2026-03-12");
    let other = at_work(&world.cx);
    let came = bring(&mut world, &book(ROWS), &mut on);
    assert!(conflict(&came), "{came:?}");
    drop(other);
    assert_eq!((papers(&world.cx), waiting(&world.cx)), (0, (0, 0)));
    // what a killed program leaves bars nobody
    bring(&mut world, &book(ROWS), &mut on).unwrap();
    assert_eq!(papers(&world.cx), ROWS);
}

#[test]
fn a_work_that_another_program_has_ended_is_not_said_to_be_done() {
    // while rows are gathered, and once it was decided
    for phase in [Phase::Gather, Phase::Pieces] {
        let mut world = World::on("2026-03-12");
        let conn = raw(&world.cx);
        let mut watch = |p: Progress| {
            if p.phase == phase {
                conn.execute_batch(
                    "DELETE FROM incoming; DELETE FROM setting WHERE key = 'long_work';",
                )
                .unwrap();
            }
            true
        };
        let came = bring(&mut world, &book(ROWS), &mut watch);
        assert!(conflict(&came), "{came:?}");
        let written = if phase == Phase::Gather { 0 } else { AT_ONCE };
        assert_eq!(papers(&world.cx), written);
        assert_eq!(waiting(&world.cx), (0, 0));
    }
}

#[test]
fn another_work_in_the_place_of_the_own_one_is_left_alone() {
    let mut world = World::on("2026-03-12");
    let conn = raw(&world.cx);
    let mut watch = |p: Progress| {
        if p.phase == Phase::Gather {
            let sql = "UPDATE setting SET value = json_set(value, '$.id', 'another') WHERE key = 'long_work'";
            conn.execute_batch(sql).unwrap();
        }
        true
    };
    let came = bring(&mut world, &book(ROWS), &mut watch);
    assert!(conflict(&came), "{came:?}");
    assert_eq!(waiting(&world.cx), (10, 1));
}

#[test]
fn the_same_file_does_not_come_twice_while_it_comes_in_pieces() {
    let mut world = World::on("2026-03-12");
    let (few, all) = (book(ROWS / 2), book(ROWS));
    // planned while nothing of it was there, by somebody who writes all at once
    let mut small = open(&world, Kind::Petition, ("it.csv", &few));
    let mut other = world.cx.reopen().unwrap();
    let mut plan = Some(small.prepare(&mut other, &mut on).unwrap());
    let mut came = None;
    let mut watch = |p: Progress| {
        if p.phase == Phase::Pieces
            && let Some(plan) = plan.take()
        {
            came = Some(small.carry_out(&mut other, plan, &mut on));
        }
        true
    };
    bring(&mut world, &all, &mut watch).unwrap();
    assert!(conflict(&came.unwrap()));
    assert_eq!(papers(&world.cx), ROWS);
}

#[test]
fn a_row_that_somebody_enters_between_pieces_is_left_out_with_its_link_told() {
    let mut world = World::on("2026-03-12");
    let mut text = book(ROWS).replace("Người gửi\n", "Người gửi;Số;Đơn lần trước\n");
    for n in 0..ROWS {
        let previous = if n == 39 { "35/2025" } else { "" };
        let old = row(n);
        let old = old.trim_end();
        text = text.replace(
            &format!("{old}\n"),
            &format!("{old};{}/2025;{previous}\n", n + 1),
        );
    }
    let mut other = world.cx.reopen().unwrap();
    let mut entered = false;
    let mut watch = |p: Progress| {
        if p.phase == Phase::Pieces && !entered {
            entered = true;
            enter(&mut other, 34);
        }
        true
    };
    let plan = bring(&mut world, &text, &mut watch).unwrap();
    // the headings are row 1
    assert_eq!(
        (plan.left.clone(), plan.unlinked.clone()),
        (vec![36], vec![41])
    );
    assert_eq!(papers(&world.cx), ROWS);
    let said = plan.left_out().unwrap();
    assert!(
        said.vi.contains("dòng 36") && said.vi.contains("dòng 41"),
        "{said:?}"
    );
    // and it stands with the operation
    let told = largest(&world.cx);
    assert_eq!((told.records, told.left), (ROWS - 1, Some(said)));
    assert_eq!(doctor(&world.cx), Vec::<String>::new());
}

#[test]
fn a_dialogue_comes_with_all_of_its_opinions_or_not_at_all() {
    let mut world = World::on("2026-03-12");
    let about = world.petition("2025-08-04", "complaint", &[]);
    let meeting = |n: usize| {
        let link = if n == 25 {
            format!(
                ",\"petition\":\"{about}/2025 | 2025-08-04 | khiếu nại |  | Về việc thu hồi đất\""
            )
        } else {
            String::new()
        };
        format!(
            "{{\"held_on\":\"2026-02-02\",\"topic\":\"Nước sạch {n}\",\"opinions\":[{{\"content\":\"Kéo ống\"}},{{\"content\":\"Lọc nước\"{link}}}]}}"
        )
    };
    let all: Vec<String> = (0..ROWS).map(meeting).collect();
    let text = format!("[{}]", all.join(","));
    let (file, prepared) = planned(&mut world, Kind::Dialogue, ("doi-thoai.json", &text));
    let mut other = world.cx.reopen().unwrap();
    let mut removed = false;
    let mut watch = |p: Progress| {
        if p.phase == Phase::Pieces && !removed {
            removed = true;
            records::set_removed(&mut other, Kind::Petition, about, true).unwrap();
        }
        true
    };
    let plan = file.carry_out(&mut world.cx, prepared, &mut watch).unwrap();
    assert_eq!(plan.left.len(), 1, "{plan:?}");
    let cx = &world.cx;
    assert_eq!(count(cx, Kind::Dialogue), ROWS - 1);
    assert_eq!(count(cx, Kind::Opinion), 2 * (ROWS - 1));
    assert_eq!(largest(cx).records, 3 * (ROWS - 1));
    assert_eq!(doctor(cx), Vec::<String>::new());
}

/// Receptions of which one points to a petition.
fn visits(at: usize) -> String {
    let visit = |n: usize| {
        let link = match n {
            n if n == at => "1/2025 | 04/08/2025 | khiếu nại |  | Về việc thu hồi đất",
            _ => "",
        };
        format!("05/08/2025;Khách bí mật {n};Nộp đơn {n};{link}\n")
    };
    let all: String = (0..ROWS).map(visit).collect();
    format!("Ngày tiếp;Họ tên;Nội dung;Đơn nhận khi tiếp\n{all}")
}

#[test]
fn no_visitor_is_written_beside_what_has_become_a_denunciation() {
    for phase in [Phase::Gather, Phase::Pieces] {
        let mut world = World::on("2026-03-12");
        let about = world.petition("2025-08-04", "complaint", &[]);
        let text = visits(25);
        let (file, prepared) = planned(&mut world, Kind::Reception, ("tiep.csv", &text));
        let mut other = world.cx.reopen().unwrap();
        let mut waits = Vec::new();
        let mut watch = |p: Progress| {
            if p.phase == phase && waits.is_empty() {
                secrecy::make_denunciation(&mut other, about, None, &[]).unwrap();
                waits = rows_that_wait(&other);
            }
            true
        };
        let came = file.carry_out(&mut world.cx, prepared, &mut watch);
        let cx = &world.cx;
        if phase == Phase::Gather {
            assert!(conflict(&came), "{came:?}");
            assert_eq!(count(cx, Kind::Reception), 0);
        } else {
            // the name went from the rows that wait, with that of nobody else
            assert!(!waits.iter().any(|row| row.contains("bí mật 25")));
            assert!(waits.iter().any(|row| row.contains("bí mật 26")));
            assert_eq!(came.unwrap().left, [27]);
            assert_eq!(count(cx, Kind::Reception), ROWS - 1);
        }
        assert_eq!(waiting(cx), (0, 0));
        let linked = "SELECT count(*) FROM reception WHERE petition_id IS NOT NULL";
        assert_eq!(number(&raw(cx), linked), 0);
    }
}

#[test]
fn no_asker_is_written_beside_what_has_become_a_denunciation() {
    let mut world = World::on("2026-03-12");
    let about = world.petition("2025-08-04", "complaint", &[]);
    let meeting = |n: usize| {
        let link = match n {
            25 => format!(
                ",\"petition\":\"{about}/2025 | 2025-08-04 | khiếu nại |  | Về việc thu hồi đất\""
            ),
            _ => String::new(),
        };
        format!(
            "{{\"held_on\":\"2026-02-02\",\"topic\":\"Nước sạch {n}\",\"opinions\":[{{\"content\":\"Kéo ống\",\"asker\":\"Khách bí mật {n}\"{link}}}]}}"
        )
    };
    let all: Vec<String> = (0..ROWS).map(meeting).collect();
    let text = format!("[{}]", all.join(","));
    let (file, prepared) = planned(&mut world, Kind::Dialogue, ("doi-thoai.json", &text));
    let mut other = world.cx.reopen().unwrap();
    let mut waits = Vec::new();
    let mut watch = |p: Progress| {
        if p.phase == Phase::Pieces && waits.is_empty() {
            secrecy::make_denunciation(&mut other, about, None, &[]).unwrap();
            waits = rows_that_wait(&other);
        }
        true
    };
    let plan = file.carry_out(&mut world.cx, prepared, &mut watch).unwrap();
    assert!(!waits.iter().any(|row| row.contains("bí mật 25")));
    assert!(waits.iter().any(|row| row.contains("bí mật 26")));
    assert_eq!(plan.left.len(), 1);
    assert_eq!(count(&world.cx, Kind::Dialogue), ROWS - 1);
    assert_eq!(count(&world.cx, Kind::Opinion), ROWS - 1);
}

#[test]
fn a_visit_that_comes_to_be_about_a_denunciation_loses_the_name_that_waits() {
    let mut world = World::on("2026-03-12");
    let about = world.petition("2025-08-04", "denunciation", &[]);
    let visit = |n: usize, place: &str| format!("05/08/2025;Khách {n};Nộp đơn {n};{place}\n");
    let all = |place: fn(usize) -> String| -> String {
        let rows: String = (1..=ROWS).map(|n| visit(n, &place(n))).collect();
        format!("Ngày tiếp;Họ tên;Nội dung;Địa chỉ\n{rows}")
    };
    let (file, prepared) = planned(
        &mut world,
        Kind::Reception,
        ("a.csv", &all(|_| String::new())),
    );
    file.carry_out(&mut world.cx, prepared, &mut on).unwrap();
    let text = all(|n| format!("Nhà bí mật {n}"));
    let (file, prepared) = planned(&mut world, Kind::Reception, ("a.csv", &text));
    assert_eq!(prepared.plan.update, ROWS);
    let mut other = world.cx.reopen().unwrap();
    let mut waits = Vec::new();
    let mut watch = |p: Progress| {
        if p.phase == Phase::Pieces && waits.is_empty() {
            let fields = [("petition", Value::Ref(about)), ("visitor", Value::Null)];
            records::edit(&mut other, Kind::Reception, 30, None, &fields).unwrap();
            waits = rows_that_wait(&other);
        }
        true
    };
    let plan = file.carry_out(&mut world.cx, prepared, &mut watch).unwrap();
    assert!(!waits.iter().any(|row| row.contains("bí mật 30")));
    assert!(waits.iter().any(|row| row.contains("bí mật 31")));
    assert_eq!(plan.left, [31]);
    assert_eq!(world.text(Kind::Reception, 30, "address"), "");
}

#[test]
fn rows_in_a_circle_of_which_somebody_changes_one_are_in_and_told_without_their_link() {
    let mut world = World::on("2026-03-12");
    let mut text = "Số;Ngày nhận;Loại;Nội dung;Người gửi;Đơn lần trước\n".to_owned();
    for n in 1..=ROWS {
        let previous = match n {
            1 => "2/2025",
            2 => "1/2025",
            _ => "",
        };
        text.push_str(&format!(
            "{n}/2025;04/08/2025;PA;Việc {n};Người {n};{previous}\n"
        ));
    }
    let conn = raw(&world.cx);
    let mut other = world.cx.reopen().unwrap();
    let mut edited = false;
    let mut watch = |p: Progress| {
        let sql = "SELECT coalesce(max(id), 0) FROM petition WHERE subject IN ('Việc 1', 'Việc 2')";
        let id = number(&conn, sql);
        if p.phase == Phase::Pieces && id > 0 && !edited {
            edited = true;
            edit(&mut other, Kind::Petition, id - 1, "note", "đã gọi hỏi");
        }
        true
    };
    let plan = bring(&mut world, &text, &mut watch).unwrap();
    assert!(edited);
    assert_eq!((plan.left.len(), plan.unlinked.len()), (0, 1), "{plan:?}");
    assert_eq!(papers(&world.cx), ROWS);
}

#[test]
fn a_writer_s_name_goes_from_the_rows_that_wait_to_change_a_denunciation() {
    let mut world = World::on("2026-03-12");
    bring(&mut world, &book(ROWS), &mut on).unwrap();
    let text = book(ROWS)
        .lines()
        .enumerate()
        .fold(String::new(), |text, (n, line)| match n {
            0 => format!("{line};Địa chỉ\n"),
            n => format!("{text}{line};Nhà bí mật {n}\n"),
        });
    let mut other = world.cx.reopen().unwrap();
    let mut waits = Vec::new();
    let mut watch = |p: Progress| {
        if p.phase == Phase::Pieces && waits.is_empty() {
            secrecy::make_denunciation(&mut other, 30, None, &[]).unwrap();
            waits = rows_that_wait(&other);
        }
        true
    };
    let plan = bring(&mut world, &text, &mut watch).unwrap();
    assert!(!waits.iter().any(|row| row.contains("bí mật 30")));
    assert!(waits.iter().any(|row| row.contains("bí mật 31")));
    assert_eq!(plan.left, [31]);
    assert_eq!(world.text(Kind::Petition, 30, "address"), "");
    assert_eq!(world.text(Kind::Petition, 31, "address"), "Nhà bí mật 31");
}

#[test]
fn a_failure_after_the_decision_is_told_and_the_next_saves_go_on() {
    let mut world = World::on("2026-03-12");
    let conn = raw(&world.cx);
    conn.execute_batch(
        "CREATE TRIGGER full BEFORE INSERT ON petition WHEN NEW.subject = 'Việc thứ 15'
         BEGIN SELECT raise(ABORT, 'no room'); END;",
    )
    .unwrap();
    let came = bring(&mut world, &book(ROWS), &mut on).unwrap_err();
    assert_eq!(came.exit_code(), 9);
    let said = came.text(Lang::En);
    assert!(said.contains("10 of 40 records are done"), "{said}");
    assert_eq!(papers(&world.cx), AT_ONCE);
    let told: Vec<String> = doctor(&world.cx);
    assert!(
        told[0].starts_with("long_work: A large work was left"),
        "{told:?}"
    );
    // nobody's save fails for it
    let mut third = world.cx.reopen().unwrap();
    let mut other = world.cx.reopen().unwrap();
    enter(&mut third, 100);
    conn.execute_batch("DROP TRIGGER full").unwrap();
    // who could not go on with it does not make each save wait; the next save of another does
    enter(&mut third, 101);
    assert_eq!(papers(&other), AT_ONCE + 2);
    enter(&mut other, 35);
    assert_eq!(papers(&other), ROWS + 2);
    assert_eq!(waiting(&other), (0, 0));
    assert_eq!(doctor(&other), Vec::<String>::new());
    // what it left out stands with the operation
    assert!(largest(&other).left.unwrap().en.contains("row 37"));
}

#[test]
fn who_ends_what_was_left_says_so_with_the_rows_that_were_left_out() {
    let mut world = World::on("2026-03-12");
    bring(&mut world, &book(ROWS), &mut on).unwrap();
    let officer = "Trần Văn Thử";
    let lines = book(ROWS);
    let lines = lines.lines().enumerate().map(|(n, line)| match n {
        0 => format!("{line};Người phụ trách\n"),
        _ => format!("{line};{officer}\n"),
    });
    let changed: String = lines.collect();
    let conn = raw(&world.cx);
    conn.execute_batch(
        "CREATE TRIGGER full BEFORE UPDATE ON petition WHEN NEW.officer IS NOT NULL
         BEGIN SELECT raise(ABORT, 'no room'); END;",
    )
    .unwrap();
    let (file, prepared) = planned(&mut world, Kind::Petition, ("so.csv", &changed));
    assert_eq!(prepared.plan.update, ROWS);
    file.carry_out(&mut world.cx, prepared, &mut on)
        .unwrap_err();
    conn.execute_batch("DROP TRIGGER full").unwrap();
    // all of them are changed by somebody before it goes on
    let held = at_work(&world.cx);
    let ids: Vec<i64> = (1..=i64::try_from(ROWS).unwrap()).collect();
    for id in &ids {
        edit(&mut world.cx, Kind::Petition, *id, "note", "đã gọi hỏi");
    }
    drop(held);
    let mut told = Vec::new();
    let mut cx = Cx::open_telling(world.cx.config(), &mut |m| told.push(m.vi.clone())).unwrap();
    let begun = "Đang làm nốt việc nhập tệp 40 bản ghi mà lan bỏ dở; chờ xong.";
    assert_eq!(told, [begun]);
    let said = cx.take_resumed().unwrap();
    assert!(
        said.en.contains("that lan had begun") && said.en.contains("row 2, 3"),
        "{said:?}"
    );
    assert_eq!(cx.take_resumed(), None);
    assert_eq!(waiting(&cx), (0, 0));
    // it changed nothing, and is not what u takes back
    let next = undo::next(&cx, undo::Way::Back).unwrap().unwrap();
    assert!(next.what.en.contains("Note"), "{next:?}");
    assert_eq!(next.records, 1);
}

#[test]
fn the_file_is_cleaned_once_even_when_the_program_was_killed_before() {
    let mut world = World::on("2026-03-12");
    bring(&mut world, &book(ROWS), &mut on).unwrap();
    let conn = raw(&world.cx);
    let trace = "dấu vết người tố cáo";
    conn.execute_batch(&format!(
        "PRAGMA secure_delete = off;
         INSERT INTO incoming(row, kept, data) VALUES (1, 0, CAST('{trace}' AS BLOB)); DELETE FROM incoming;
         INSERT INTO setting SELECT 'long_work', json_object('id', 'x', 'task', 'import', 'kind', 'petition',
           'decided', json('true'), 'who', who, 'at', at, 'operation', id, 'of', 0, 'newest', 0, 'next', 99, 'all', 1,
           'wiped', json('[[\"petition\", 1]]')) FROM operation;
         PRAGMA wal_checkpoint(TRUNCATE);"
    ))
    .unwrap();
    let db = world.cx.config().db.clone();
    let holds = || {
        let bytes = std::fs::read(&db).unwrap();
        bytes.windows(trace.len()).any(|w| w == trace.as_bytes())
    };
    assert!(holds());
    drop(conn);
    let cx = world.cx.reopen().unwrap();
    assert!(!holds());
    assert_eq!(waiting(&cx), (0, 0));
}

#[test]
fn what_stands_on_each_other_goes_in_whatever_order_it_came() {
    let mut world = World::on("2026-03-12");
    // a petition with a course comes into the history before the one that it points to; two point to each other
    let head = "Số;Ngày nhận;Loại;Nội dung;Người gửi;Đơn lần trước;Ngày chuyển;Nơi chuyển\n";
    let mut text = head.to_owned();
    for n in 1..=ROWS {
        let (previous, course) = match n {
            9 => ("8/2025".to_owned(), "05/09/2025;29602"),
            20 => ("21/2025".to_owned(), ";"),
            21 => ("20/2025".to_owned(), ";"),
            _ => (String::new(), ";"),
        };
        text.push_str(&format!(
            "{n}/2025;04/08/2025;PA;Việc {n};Người {n};{previous};{course}\n"
        ));
    }
    let plan = bring(&mut world, &text, &mut on).unwrap();
    assert_eq!((plan.create, plan.left_out()), (ROWS, None));
    let cx = &mut world.cx;
    assert_eq!(number(&raw(cx), "SELECT count(*) FROM step"), 1);
    assert_eq!(
        number(
            &raw(cx),
            "SELECT count(*) FROM petition WHERE previous_id IS NOT NULL"
        ),
        3
    );
    let told = undo::take_back_by(cx, largest(cx).id, AT_ONCE).unwrap();
    assert_eq!((papers(cx), told.left), (0, None));
    assert_eq!(waiting(cx), (0, 0));
    // and all of it comes again
    let again = undo::next(cx, undo::Way::Again).unwrap().unwrap();
    let told = undo::take_back_by(cx, again.id, AT_ONCE).unwrap();
    assert_eq!((papers(cx), told.left), (ROWS, None));
    assert_eq!(
        number(
            &raw(cx),
            "SELECT count(*) FROM petition WHERE previous_id IS NOT NULL"
        ),
        3
    );
    assert_eq!(doctor(cx), Vec::<String>::new());
}

#[test]
fn steps_that_cannot_be_taken_back_forbid_it_before_anything_is_done() {
    let mut world = World::on("2026-03-12");
    bring(&mut world, &book(ROWS), &mut on).unwrap();
    let text = book(ROWS).replace("Người gửi\n", "Người gửi;Ngày chuyển;Nơi chuyển\n");
    let text = (0..ROWS).fold(text, |text, n| {
        let old = row(n);
        text.replace(&old, &format!("{};10/09/2025;29602\n", old.trim_end()))
    });
    let plan = bring(&mut world, &text, &mut on).unwrap();
    assert_eq!((plan.update, plan.left_out()), (ROWS, None), "{plan:?}");
    let operation = undo::next(&world.cx, undo::Way::Back).unwrap().unwrap();
    world.step(7, "reply", "2025-09-20", &[]);
    let before = number(&raw(&world.cx), "SELECT count(*) FROM audit");
    let came = undo::take_back_by(&mut world.cx, operation.id, AT_ONCE);
    assert!(matches!(came, Err(Error::Refused(_))), "{came:?}");
    assert_eq!(
        number(&raw(&world.cx), "SELECT count(*) FROM audit"),
        before
    );
    assert_eq!(waiting(&world.cx), (0, 0));
    // without it all of it goes
    let step = undo::next(&world.cx, undo::Way::Back).unwrap().unwrap();
    undo::take_back(&mut world.cx, step.id).unwrap();
    let told = undo::take_back_by(&mut world.cx, operation.id, AT_ONCE).unwrap();
    assert_eq!(told.left, None);
    let live = "SELECT count(*) FROM petition WHERE stage <> 'received'";
    assert_eq!(number(&raw(&world.cx), live), 0);
}

/// As a program leaves it that is killed right after it decided to take an operation back.
fn decided(cx: &Cx, operation: i64) {
    raw(cx)
        .execute(
            "INSERT INTO setting SELECT 'long_work', json_object('id', 'x', 'task', 'take_back', 'kind', '',
               'decided', json('true'), 'who', who, 'at', at, 'operation', NULL, 'of', id, 'newest', 0,
               'next', 9999999, 'all', records) FROM operation WHERE id = ?",
            [operation],
        )
        .unwrap();
}

#[test]
fn what_somebody_changes_while_all_is_taken_back_stays_and_is_named() {
    let mut world = World::on("2026-03-12");
    bring(&mut world, &book(ROWS), &mut on).unwrap();
    let import = undo::next(&world.cx, undo::Way::Back).unwrap().unwrap();
    edit(&mut world.cx, Kind::Petition, 7, "note", "đã gọi hỏi");
    decided(&world.cx, import.id);
    let mut cx = world.cx.reopen().unwrap();
    assert_eq!(papers(&cx), 1);
    let said = cx.take_resumed().unwrap();
    assert!(
        said.vi.contains("1 bản ghi giữ nguyên") && said.vi.contains("đơn 7/2025"),
        "{said:?}"
    );
    let told = largest(&cx);
    let undone = undo::list(&cx, true, 0, 1).unwrap();
    assert_eq!((told.records, undone[0].left.is_some()), (ROWS, true));
    assert_eq!(waiting(&cx), (0, 0));
    // it is still there to be taken back, once nothing forbids it
    assert!(undo::proposed(&cx, import.id).unwrap().left.is_some());
    let came = undo::take_back_by(&mut cx, import.id, AT_ONCE);
    assert!(conflict(&came), "{came:?}");
    let edited = undo::list(&cx, true, 1, 1).unwrap()[0].clone();
    undo::take_back(&mut cx, edited.id).unwrap();
    let told = undo::take_back_by(&mut cx, import.id, AT_ONCE).unwrap();
    assert_eq!((papers(&cx), told.left), (0, None));
    assert!(undo::proposed(&cx, import.id).is_err());
    // as one with the rest, it is done again
    undo::take_back_by(&mut cx, undone[0].id, AT_ONCE).unwrap();
    assert_eq!((papers(&cx), waiting(&cx)), (ROWS, (0, 0)));
    assert_eq!(doctor(&cx), Vec::<String>::new());
}

#[test]
fn the_screen_tells_what_stays_and_takes_it_back_later() {
    let mut world = World::on("2026-03-12");
    bring(&mut world, &book(ROWS), &mut on).unwrap();
    let import = undo::next(&world.cx, undo::Way::Back).unwrap().unwrap();
    edit(&mut world.cx, Kind::Petition, 7, "note", "đã gọi hỏi");
    decided(&world.cx, import.id);
    world.cx = world.cx.reopen().unwrap();
    let edited = undo::list(&world.cx, true, 1, 1).unwrap()[0].id;
    let mut driver = program(world, Options::default(), 80, 24);
    driver.press("U");
    shows(&driver, "còn sót");
    driver.press("j j");
    shows(&driver, "còn cần đến: đơn 7/2025");
    driver.press("u");
    shows(&driver, "Lấy lại nốt phần còn lại?");
    driver.press("c Enter");
    shows(
        &driver,
        "Không đổi gì: người khác vừa sửa hay còn cần đến đơn 7/2025",
    );
    undo::take_back(driver.cx(), edited).unwrap();
    driver.press("u c Enter");
    shows(&driver, "đã lấy lại: thêm 40 đơn");
    assert_eq!(papers(driver.cx()), 0);
}

#[test]
fn a_taking_back_that_could_do_nothing_leaves_the_operation_as_it_was() {
    let mut world = World::on("2026-03-12");
    bring(&mut world, &book(ROWS), &mut on).unwrap();
    let import = undo::next(&world.cx, undo::Way::Back).unwrap().unwrap();
    for id in 1..=i64::try_from(ROWS).unwrap() {
        edit(&mut world.cx, Kind::Petition, id, "note", "đã gọi hỏi");
    }
    decided(&world.cx, import.id);
    let cx = world.cx.reopen().unwrap();
    assert_eq!((papers(&cx), waiting(&cx)), (ROWS, (0, 0)));
    assert_eq!(undo::proposed(&cx, import.id).unwrap().undone, None);
}

#[test]
fn a_damaged_or_unknown_work_is_told_by_the_doctor_and_bars_no_undo() {
    let mut world = World::on("2026-03-12");
    let id = enter(&mut world.cx, 1);
    let conn = raw(&world.cx);
    let put = |value: &str| {
        let sql = "INSERT OR REPLACE INTO setting(key, value) VALUES ('long_work', ?)";
        conn.execute(sql, [value]).unwrap();
    };
    let work = |kind: &str| {
        format!(
            "{{\"id\":\"x\",\"task\":\"import\",\"kind\":\"{kind}\",\"decided\":true,\"who\":\"lan\",\
             \"at\":\"2026-03-12T08:00:00+07:00\",\"operation\":1,\"of\":0,\"newest\":0,\"next\":1,\"all\":7}}"
        )
    };
    assert_eq!(doctor(&world.cx), Vec::<String>::new());
    put(&work("petition"));
    assert!(doctor(&world.cx)[0].contains("import of 7 records, by lan"));
    // one of a register that this program does not know is not forgotten
    put(&work("song"));
    let mut cx = world.cx.reopen().unwrap();
    assert_eq!(waiting(&cx), (0, 1));
    assert!(doctor(&cx)[0].contains("cannot be read"));
    for damaged in ["{", "[]"] {
        put(damaged);
        assert!(doctor(&cx)[0].starts_with("long_work: "), "{damaged}");
    }
    edit(&mut cx, Kind::Petition, id, "note", "đã gọi hỏi");
    let last = undo::next(&cx, undo::Way::Back).unwrap().unwrap();
    undo::take_back(&mut cx, last.id).unwrap();
}

#[test]
fn a_work_that_nobody_can_read_is_given_up_and_the_file_comes_in_again() {
    let mut world = World::on("2026-03-12");
    let conn = raw(&world.cx);
    let mut pieces = 0;
    let mut spoil = |p: Progress| {
        pieces += usize::from(p.phase == Phase::Pieces);
        if pieces == 2 {
            let sql = "UPDATE setting SET value = substr(value, 9) WHERE key = 'long_work'";
            conn.execute(sql, []).unwrap();
        }
        true
    };
    assert!(bring(&mut world, &book(ROWS), &mut spoil).is_err());
    world.cx = world.cx.reopen().unwrap();
    let (rows, _) = waiting(&world.cx);
    let there = papers(&world.cx);
    assert!(rows > 0 && there > 0, "{rows} {there}");
    let refused = bring(&mut world, &book(ROWS), &mut on).unwrap_err();
    let said = refused.text(Lang::Vi);
    assert!(said.contains("doctor --settle"), "{said}");
    assert!(!said.contains("restore"), "{said}");
    let rows = usize::try_from(rows).unwrap();
    assert_eq!(upkeep::settle(&mut world.cx).unwrap(), Some(rows));
    assert_eq!((waiting(&world.cx), papers(&world.cx)), ((0, 0), there));
    assert_eq!(doctor(&world.cx), Vec::<String>::new());
    assert_eq!(upkeep::settle(&mut world.cx).unwrap(), None);
    bring(&mut world, &book(ROWS), &mut on).unwrap();
    assert_eq!(papers(&world.cx), ROWS);
}

#[test]
fn opening_tells_of_the_index_that_is_ended_first_and_a_connection_beside_ends_nothing() {
    let mut world = World::on("2026-03-12");
    enter(&mut world.cx, 1);
    let conn = raw(&world.cx);
    let sql =
        "INSERT INTO setting SELECT 'search_due', max(id) || '-' || max(id) FROM search_docsize";
    conn.execute(sql, []).unwrap();
    let due = || {
        number(
            &conn,
            "SELECT count(*) FROM setting WHERE key = 'search_due'",
        )
    };
    drop(world.cx.beside().unwrap());
    drop(Cx::open_aside(world.cx.config()).unwrap());
    assert_eq!(due(), 1);
    let mut told = Vec::new();
    let config = world.cx.config().clone();
    drop(Cx::open_telling(&config, &mut |msg| told.push(msg.vi.clone())).unwrap());
    assert_eq!(due(), 0);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("chỉ mục") && told[0].contains("0/1"),
        "{told:?}"
    );
    assert!(told[1].contains("1/1"), "{told:?}");
}
