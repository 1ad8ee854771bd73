//! Files brought in from the shell: rows that are all new are written while others are judged. What comes of it is what the
//! plan says, all of it or nothing.
use crate::import_many::told;
use crate::import_pieces::{on, open};
use crate::support::cli::World as Shell;
use crate::support::world::{World, d};
use danvan::app::import::{AT_ONCE, Came, Phase, Plan, Progress};
use danvan::app::records::NewRecord;
use danvan::app::{Cx, find, records, undo, upkeep};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::domain::value::Value;

/// More than from which it pays.
const ROWS: usize = 1_500;

fn row(n: usize) -> String {
    let (day, month) = (1 + n % 28, 7 + n % 6);
    let unit = ["29602", "29641", ""][n % 3];
    let kind = ["KN", "kiến nghị", "PA"][n % 3];
    format!(
        "{day:02}/{month:02}/2025;{kind};{unit};Đường thứ {} hư;Người thứ {n};own\n",
        100_000 + n
    )
}

const HEAD: &str = "Ngày nhận;Loại;Đơn vị;Nội dung;Người gửi;Thẩm quyền\n";

pub fn book(rows: usize) -> String {
    HEAD.to_owned() + &(0..rows).map(row).collect::<String>()
}

pub fn papers(cx: &Cx) -> usize {
    records::count(cx, &Query::all(Kind::Petition)).unwrap()
}

/// What the doctor finds wrong with the rows of a file.
pub fn wrong(cx: &Cx) -> Vec<String> {
    const OF_ROWS: [&str; 5] = ["rows", "sums", "rates", "search", "history"];
    let found = upkeep::doctor(cx.config()).unwrap();
    let bad = found.iter().filter(|f| !f.ok && OF_ROWS.contains(&f.code));
    bad.map(|f| format!("{}: {}", f.code, f.what.en)).collect()
}

/// What the plan alone says of a text, and what came of bringing it.
fn both(world: &mut World, text: &str) -> (Plan, Came) {
    let mut file = open(world, Kind::Petition, ("so.csv", text));
    let plan = file.prepare(&mut world.cx, &mut on).unwrap().plan;
    let mut file = open(world, Kind::Petition, ("so.csv", text));
    let came = file.bring(&mut world.cx, AT_ONCE, &mut on).unwrap();
    (plan, came)
}

#[test]
fn rows_that_are_all_new_are_written_at_once_and_taken_back_as_one() {
    let mut world = World::on("2026-03-12");
    // one row twice, which is one record
    let text = book(ROWS) + &row(7);
    let (plan, came) = both(&mut world, &text);
    let Came::Written(written) = came else {
        panic!("{came:?}");
    };
    assert_eq!((plan.create, plan.same, plan.notes.len()), (ROWS, 1, 1));
    assert_eq!(*written, plan);
    let cx = &mut world.cx;
    assert_eq!(papers(cx), ROWS);
    assert_eq!(wrong(cx), Vec::<String>::new());
    let hits = find::find(cx, "đường thứ 101499", Some(Kind::Petition), 5).unwrap();
    assert_eq!(hits.len(), 1);
    let told = undo::next(cx, undo::Way::Back).unwrap().unwrap();
    assert_eq!(told.records, ROWS);
    undo::take_back(cx, told.id).unwrap();
    assert_eq!(papers(cx), 0);
    assert_eq!(wrong(cx), Vec::<String>::new());
}

#[test]
fn what_is_written_at_once_is_what_a_plan_writes() {
    let (mut straight, mut planned) = (World::on("2026-03-12"), World::on("2026-03-12"));
    let mut file = open(&straight, Kind::Petition, ("so.csv", &book(ROWS)));
    let came = file.bring(&mut straight.cx, AT_ONCE, &mut on).unwrap();
    assert!(matches!(came, Came::Written(_)));
    let mut file = open(&planned, Kind::Petition, ("so.csv", &book(ROWS)));
    let prepared = file.prepare(&mut planned.cx, &mut on).unwrap();
    file.carry_out(&mut planned.cx, prepared, &mut on).unwrap();
    let asked = [
        "SELECT * FROM petition ORDER BY id",
        "SELECT * FROM rate_count ORDER BY span, unit_id",
        "SELECT * FROM day_count ORDER BY what, day",
        "SELECT id, who, kind, record_id, action, field, before, after, op FROM audit ORDER BY id",
    ];
    let (straight, planned) = (told(&straight, &asked), told(&planned, &asked));
    assert_eq!(straight.len(), planned.len());
    for (straight, planned) in straight.iter().zip(&planned) {
        assert_eq!(straight, planned);
    }
}

#[test]
fn other_registers_are_written_as_their_plans_say_too() {
    let visit = |n: usize| {
        format!(
            "{:02}/07/2025;Khách thứ {n};29602;Việc thứ {n};đất đai\n",
            1 + n % 28
        )
    };
    let model = |n: usize| format!("2025;Mô hình thứ {n};29602;Tổ {n};kinh tế\n");
    let books = [
        (
            Kind::Reception,
            "Ngày tiếp;Họ tên;Đơn vị;Nội dung;Lĩnh vực\n".to_owned()
                + &(0..ROWS).map(visit).collect::<String>(),
            [
                "SELECT * FROM reception ORDER BY id",
                "SELECT * FROM day_count ORDER BY what, day",
            ],
        ),
        (
            Kind::Model,
            "Năm;Tên mô hình;Đơn vị;Người đăng ký;Lĩnh vực\n".to_owned()
                + &(0..ROWS).map(model).collect::<String>(),
            [
                "SELECT * FROM model ORDER BY id",
                "SELECT kind, record_id, action, op FROM audit ORDER BY id",
            ],
        ),
    ];
    for (kind, text, asked) in books {
        let (mut straight, mut planned) = (World::on("2026-03-12"), World::on("2026-03-12"));
        let mut file = open(&straight, kind, ("so.csv", &text));
        let came = file.bring(&mut straight.cx, AT_ONCE, &mut on).unwrap();
        assert!(matches!(came, Came::Written(_)), "{came:?}");
        let mut file = open(&planned, kind, ("so.csv", &text));
        let prepared = file.prepare(&mut planned.cx, &mut on).unwrap();
        file.carry_out(&mut planned.cx, prepared, &mut on).unwrap();
        assert!(
            told(&straight, &asked) == told(&planned, &asked),
            "{kind:?}"
        );
    }
}

#[test]
fn opinions_follow_each_other_in_their_dialogue() {
    let mut world = World::on("2026-03-12");
    let dialogue = |day: &str| NewRecord {
        fields: vec![
            ("held_on", Value::Date(d(day))),
            ("topic", Value::Text(format!("Đối thoại ngày {day}"))),
        ],
        ..NewRecord::default()
    };
    let both = [dialogue("2026-02-03"), dialogue("2026-02-04")];
    records::add(&mut world.cx, Kind::Dialogue, &both).unwrap();
    let opinion = |n: usize| format!("{};Ý kiến thứ {n}\n", 1 + n % 2);
    let text = "dialogue;content\n".to_owned() + &(0..ROWS).map(opinion).collect::<String>();
    let mut file = open(&world, Kind::Opinion, ("so.csv", &text));
    let came = file.bring(&mut world.cx, AT_ONCE, &mut on).unwrap();
    assert!(matches!(came, Came::Written(_)));
    let places = "SELECT count(DISTINCT dialogue_id || ' ' || position) FROM opinion";
    assert_eq!(told(&world, &[places]), [format!("Integer({ROWS})")]);
}

/// A book so long that it is judged as it begins, of days that are the same either way, and how it ends.
fn long_book(last: &str) -> String {
    let row = |n: usize| {
        format!(
            "{:02}/{:02}/2025;KN;;Đường thứ {n} hư;Người {n};own\n",
            1 + n % 12,
            1 + n % 12
        )
    };
    HEAD.to_owned() + &(0..9_000).map(row).collect::<String>() + last
}

#[test]
fn a_long_book_that_goes_on_otherwise_than_it_begins_is_looked_over_first() {
    // As it begins, each day is the same either way; so it stays.
    let mut world = World::on("2026-03-12");
    let mut walked = false;
    let mut watch = |p: Progress| {
        walked |= p.phase == Phase::Check;
        true
    };
    let mut file = open(&world, Kind::Petition, ("so.csv", &long_book("")));
    let came = file.bring(&mut world.cx, AT_ONCE, &mut watch).unwrap();
    assert!(matches!(came, Came::Written(_)));
    assert_eq!((papers(&world.cx), file.layout.rows), (9_000, 9_000));
    assert!(!walked, "nothing is read before it is written");
    // The last rows say that the month comes first: what those before them were judged by does not hold.
    let month_first = "02/13/2025;KN;;Việc một;Ai đó;own\n02/14/2025;KN;;Việc hai;Ai đó;own\n";
    let mut world = World::on("2026-03-12");
    let (plan, came) = both(&mut world, &long_book(month_first));
    let Came::Written(written) = came else {
        panic!("{came:?}");
    };
    assert_eq!(*written, plan);
    let asked = ["SELECT count(*) FROM petition WHERE received_on IN ('2025-02-13', '2025-02-14')"];
    assert_eq!(told(&world, &asked), ["Integer(2)"]);
    assert_eq!(wrong(&world.cx), Vec::<String>::new());
    // Two orders in one column are asked about, wherever the second comes.
    let both_orders = "02/13/2025;KN;;Việc một;Ai đó;own\n13/02/2025;KN;;Việc hai;Ai đó;own\n";
    let mut world = World::on("2026-03-12");
    let (plan, came) = both(&mut world, &long_book(both_orders));
    let Came::Planned(prepared) = came else {
        panic!("written");
    };
    assert!(plan.error > 0);
    assert_eq!(prepared.plan, plan);
    assert_eq!(papers(&world.cx), 0);
}

#[test]
fn nothing_is_written_before_a_plan_where_some_row_is_wrong_or_known() {
    let mut world = World::on("2026-03-12");
    // two rows with a day that never was, far apart
    let text = book(ROWS).replace("Đường thứ 100300", "\nX;KN;;Đường thứ 100300")
        + "30/02/2025;KN;;Việc cuối;Ai đó;own\n";
    let (plan, came) = both(&mut world, &text);
    let Came::Planned(prepared) = came else {
        panic!("{came:?}");
    };
    assert!(plan.error >= 2, "{plan:?}");
    assert_eq!(prepared.plan, plan);
    assert_eq!(papers(&world.cx), 0);
    assert_eq!(undo::next(&world.cx, undo::Way::Back).unwrap(), None);
    // A record that is there gets another value: the plan is carried out as before, as one operation.
    let first = book(1).replace(";own", ";other");
    let mut file = open(&world, Kind::Petition, ("so.csv", &first));
    let prepared = file.prepare(&mut world.cx, &mut on).unwrap();
    file.carry_out(&mut world.cx, prepared, &mut on).unwrap();
    let lines: Vec<String> = (1..ROWS).chain([0]).map(row).collect();
    let text = HEAD.to_owned() + &lines.concat();
    let (plan, came) = both(&mut world, &text);
    let Came::Planned(prepared) = came else {
        panic!("{came:?}");
    };
    assert_eq!((plan.create, plan.update), (ROWS - 1, 1));
    assert_eq!(prepared.plan, plan);
    assert_eq!(papers(&world.cx), 1);
    file.carry_out(&mut world.cx, *prepared, &mut on).unwrap();
    assert_eq!(papers(&world.cx), ROWS);
    // the same once more: nothing to write, and no operation
    let (plan, came) = both(&mut world, &text);
    assert_eq!(plan.same, ROWS);
    assert!(matches!(came, Came::Planned(_)));
    let told = undo::next(&world.cx, undo::Way::Back).unwrap().unwrap();
    assert_eq!(told.records, ROWS);
    assert_eq!(wrong(&world.cx), Vec::<String>::new());
}

#[test]
fn rows_beside_those_that_are_there_are_written_at_once_too() {
    let mut world = World::on("2026-03-12");
    for rows in [1, ROWS] {
        let mut file = open(&world, Kind::Petition, ("so.csv", &book(rows)));
        file.bring(&mut world.cx, AT_ONCE, &mut on)
            .map(drop)
            .unwrap();
        if rows == 1 {
            let prepared = file.prepare(&mut world.cx, &mut on).unwrap();
            file.carry_out(&mut world.cx, prepared, &mut on).unwrap();
        }
    }
    assert_eq!(papers(&world.cx), ROWS);
    let told = undo::next(&world.cx, undo::Way::Back).unwrap().unwrap();
    assert_eq!(told.records, ROWS - 1);
    assert_eq!(wrong(&world.cx), Vec::<String>::new());
}

#[test]
fn rows_with_numbers_of_their_own_wait_for_the_plan() {
    let mut world = World::on("2026-03-12");
    let text: Vec<String> = book(ROWS)
        .lines()
        .enumerate()
        .map(|(n, line)| match n {
            0 => format!("Số;{line}"),
            n => format!("{n}/2025;{line}"),
        })
        .collect();
    let (plan, came) = both(&mut world, &(text.join("\n") + "\n"));
    assert_eq!((plan.create, plan.error), (ROWS, 0));
    assert!(matches!(came, Came::Planned(_)));
    assert_eq!(papers(&world.cx), 0);
}

#[test]
fn giving_up_leaves_nothing_and_the_turn_to_others() {
    let mut world = World::on("2026-03-12");
    let mut file = open(&world, Kind::Petition, ("so.csv", &book(ROWS)));
    let mut met = false;
    let mut watch = |p: Progress| {
        met |= p.phase == Phase::Write && p.rows > 600;
        !met
    };
    let stopped = file.bring(&mut world.cx, AT_ONCE, &mut watch);
    assert!(stopped.is_err() && met);
    assert_eq!(papers(&world.cx), 0);
    let mut other = world.cx.reopen().unwrap();
    let mut file = open(&world, Kind::Petition, ("so.csv", &book(3)));
    let prepared = file.prepare(&mut other, &mut on).unwrap();
    file.carry_out(&mut other, prepared, &mut on).unwrap();
    assert_eq!(papers(&world.cx), 3);
    assert_eq!(wrong(&world.cx), Vec::<String>::new());
}

#[test]
fn the_shell_says_the_same_of_it() {
    let shell = Shell::new();
    let path = shell.path("so.csv");
    std::fs::write(&path, book(ROWS)).unwrap();
    let path = path.to_str().unwrap();
    let dry = shell.ok(&["import", "petition", path, "--dry-run"]);
    assert_eq!(shell.ok(&["import", "petition", path]), dry);
    assert!(dry.contains("1.500"), "{dry}");
    let again = shell.ok(&["import", "petition", path]);
    assert!(again.contains("thêm 0, sửa 0, đã có 1.500"), "{again}");
}
