//! Import and the law: a denouncer's name comes in nowhere. Import as one operation, beside others who work.
use crate::import_files::{counts, import, values};
use crate::support::cli::World;
use crate::support::world::World as Office;
use danvan::app::import::{Phase, Progress};
use danvan::app::{Cx, Error, records, undo};
use danvan::domain::record::Kind;
use danvan::exchange::read::{Encoding, Stop};
use danvan::transfer::{Import, Request};

#[test]
fn a_denunciation_with_names_is_refused_and_the_name_is_nowhere() {
    let w = World::new();
    let file = "Ngày nhận;Loại;Nội dung;Người gửi;Địa chỉ;CCCD\n\
        04/03/2019;TC;Cán bộ nhũng nhiễu;Đỗ Quyết Mật;ấp Kín;086099\n\
        05/03/2019;KN;Đường hư;Lê Thị Bông;ấp 3;1\n";
    let mend = w.path("sua.csv");
    let came = import(
        &w,
        "petition",
        "a.csv",
        file.as_bytes(),
        &["--problems", mend.to_str().unwrap()],
    );
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [1, 0, 0, 1]),
        "{came:?}"
    );
    assert!(came.out.contains("Luật Tố cáo"), "{came:?}");
    let kept = std::fs::read_to_string(&mend).unwrap();
    for text in [&came.out, &came.err, &kept] {
        assert!(
            !text.contains("Quyết Mật") && !text.contains("ấp Kín") && !text.contains("086099"),
            "{text}"
        );
    }
    let came = import(&w, "petition", "sua.csv", kept.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [1, 0, 0, 0]),
        "{came:?}"
    );
    for file in walk(w.dir.path()) {
        if file.ends_with("a.csv") {
            continue;
        }
        let bytes = std::fs::read(&file).unwrap();
        let name = "Quyết Mật".as_bytes();
        assert!(
            !bytes.windows(name.len()).any(|w| w == name),
            "{}",
            file.display()
        );
    }
    // a visit about a denunciation likewise
    let visit = "Ngày tiếp;Loại đơn;Nội dung;Họ tên;Hình thức\n04/03/2019;TC;Tố cán bộ;Đỗ Quyết Mật;thường xuyên\n";
    let came = import(&w, "reception", "b.csv", visit.as_bytes(), &[]);
    assert_eq!(came.code, 3);
    assert!(!came.out.contains("Quyết Mật"), "{came:?}");
}

#[test]
fn what_is_linked_to_a_denunciation_tells_no_person_either() {
    let w = World::new();
    let paper = "Ngày nhận;Loại;Nội dung\n04/03/2019;TC;Cán bộ nhũng nhiễu\n";
    assert_eq!(
        import(&w, "petition", "don.csv", paper.as_bytes(), &[]).code,
        0
    );
    let mend = w.path("sua.csv");
    let out = ["--problems", mend.to_str().unwrap()];
    let visit = "Ngày tiếp;Nội dung;Họ tên;Hình thức;petition\n\
        05/03/2019;Hỏi kết quả;Đỗ Quyết Mật;thường xuyên;1/2019\n";
    let came = import(&w, "reception", "tiep.csv", visit.as_bytes(), &out);
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [0, 0, 0, 1]),
        "{came:?}"
    );
    let kept = std::fs::read_to_string(&mend).unwrap();
    for text in [&came.out, &came.err, &kept] {
        assert!(!text.contains("Quyết Mật"), "{text}");
    }
    assert!(kept.contains("Hỏi kết quả"), "{kept}");
}

fn walk(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(walk(&path));
        } else {
            out.push(path);
        }
    }
    out
}

#[test]
fn rows_that_are_alike_are_one_record_where_a_name_tells_and_several_where_none_does() {
    let w = World::new();
    let file = "Ngày nhận;Loại;Nội dung;Người gửi;Cán bộ phụ trách\n\
        04/03/2019;KN;Đường hư;Lê Thị Bông;A\n\
        04/03/2019;KN;Đường hư;Lê Thị Bông;A\n\
        04/03/2019;PA;Đèn tắt;;A\n\
        04/03/2019;PA;Đèn tắt;;A\n";
    let came = import(&w, "petition", "a.csv", file.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (0, [3, 0, 1, 0]),
        "{came:?}"
    );
    let again = import(&w, "petition", "a.csv", file.as_bytes(), &[]);
    assert_eq!(counts(&again.json()), [0, 0, 4, 0], "{again:?}");
    let other = "Ngày nhận;Loại;Nội dung;Người gửi;Cán bộ phụ trách\n\
        04/03/2018;KN;Đường hư;Lê Thị Bông;A\n\
        04/03/2018;KN;Đường hư;Lê Thị Bông;B\n";
    let came = import(&w, "petition", "b.csv", other.as_bytes(), &[]);
    assert_eq!(
        (came.code, counts(&came.json())),
        (3, [1, 0, 0, 1]),
        "{came:?}"
    );
    assert_eq!(values(&w, "petition", "officer").len(), 3);
}

fn open(office: &Office, rows: usize) -> (Import, std::path::PathBuf) {
    let mut file = String::from("Ngày nhận;Loại;Nội dung;Người gửi\n");
    for n in 0..rows {
        file.push_str(&format!("04/03/2019;KN;Vụ thứ {n};Người {n}\n"));
    }
    let path = office.file("dai.csv");
    std::fs::write(&path, file).unwrap();
    let request = Request {
        kind: Kind::Petition,
        path: path.clone(),
        map: None,
        sheet: None,
        encoding: Encoding::Auto,
    };
    (
        Import::open(&office.file("state"), &request, &Stop::default()).unwrap(),
        path,
    )
}

fn on(_: Progress) -> bool {
    true
}

fn papers(cx: &Cx) -> usize {
    let all = danvan::domain::query::Query::all(Kind::Petition);
    records::count(cx, &all).unwrap()
}

#[test]
fn an_import_is_one_operation_and_is_taken_back_as_one() {
    let mut office = Office::on("2026-03-12");
    let (mut file, _) = open(&office, 20);
    let cx = &mut office.cx;
    let prepared = file.prepare(cx, &mut on).unwrap();
    file.carry_out(cx, prepared, &mut on).unwrap();
    assert_eq!(papers(cx), 20);
    let told = undo::next(cx, undo::Way::Back).unwrap().unwrap();
    undo::take_back(cx, told.id).unwrap();
    assert_eq!(papers(cx), 0);
}

#[test]
fn cancel_leaves_nothing_behind() {
    for phase in [Phase::Check, Phase::Write] {
        let mut office = Office::on("2026-03-12");
        let (mut file, _) = open(&office, 2000);
        let cx = &mut office.cx;
        let mut seen = 0;
        let mut until = |p: Progress| {
            seen += usize::from(p.phase == phase && p.rows > 600);
            seen == 0
        };
        let done = file
            .prepare(cx, &mut until)
            .and_then(|prepared| file.carry_out(cx, prepared, &mut until));
        assert!(matches!(done, Err(Error::Refused(_))), "{done:?}");
        assert!(seen > 0);
        assert_eq!(papers(cx), 0);
        assert!(undo::next(cx, undo::Way::Back).unwrap().is_none());
    }
}

#[test]
fn others_save_while_rows_are_judged_and_what_they_saved_is_seen() {
    let mut office = Office::on("2026-03-12");
    let (mut file, _) = open(&office, 1500);
    let cx = &mut office.cx;
    let mut other = cx.reopen().unwrap();
    let mut saved = false;
    let mut watch = |p: Progress| {
        if p.rows > 600 && !saved {
            let fields = vec![
                (
                    "received_on",
                    danvan::domain::value::Value::Date("2019-03-04".parse().unwrap()),
                ),
                (
                    "type",
                    danvan::domain::value::Value::Text("complaint".into()),
                ),
                (
                    "subject",
                    danvan::domain::value::Value::Text("Vụ thứ 3".into()),
                ),
                (
                    "petitioner",
                    danvan::domain::value::Value::Text("Người 3".into()),
                ),
            ];
            let new = records::NewRecord {
                fields,
                ..records::NewRecord::default()
            };
            records::add(&mut other, Kind::Petition, &[new]).unwrap();
            saved = true;
        }
        true
    };
    let prepared = file.prepare(cx, &mut watch).unwrap();
    // the row was judged new; meanwhile somebody entered the same paper
    let done = file.carry_out(cx, prepared, &mut on);
    assert!(matches!(done, Err(Error::Conflict(_))), "{done:?}");
    assert_eq!(papers(cx), 1);
    let prepared = file.prepare(cx, &mut on).unwrap();
    assert_eq!((prepared.plan.create, prepared.plan.same), (1499, 1));
    file.carry_out(cx, prepared, &mut on).unwrap();
    assert_eq!(papers(cx), 1500);
}

#[test]
fn a_record_that_somebody_changed_since_the_preview_is_not_written_over() {
    let mut office = Office::on("2026-03-12");
    let (mut file, path) = open(&office, 3);
    let cx = &mut office.cx;
    let prepared = file.prepare(cx, &mut on).unwrap();
    file.carry_out(cx, prepared, &mut on).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("Người gửi\n", "Người gửi;Cán bộ phụ trách\n");
    std::fs::write(
        &path,
        text.replace("Người 1\n", "Người 1;Hoa\n")
            .replace("Người 0\n", "Người 0;\n")
            .replace("Người 2\n", "Người 2;\n"),
    )
    .unwrap();
    let request = Request {
        kind: Kind::Petition,
        path,
        map: None,
        sheet: None,
        encoding: Encoding::Auto,
    };
    let state = cx.config().state_dir.clone();
    let mut file = Import::open(&state, &request, &Stop::default()).unwrap();
    let officer = |name: &str| [("officer", danvan::domain::value::Value::Text(name.into()))];
    let stands = |cx: &Cx| records::get(cx, Kind::Petition, 2).unwrap().get("officer");
    // by another program, and by the same one
    for (n, own) in [(0, false), (1, true)] {
        let name = format!("Bình {n}");
        let prepared = file.prepare(cx, &mut on).unwrap();
        assert_eq!((prepared.plan.update, prepared.plan.same), (1, 2));
        let mut other = cx.reopen().unwrap();
        let by = if own { &mut *cx } else { &mut other };
        records::edit(by, Kind::Petition, 2, None, &officer(&name)).unwrap();
        let done = file.carry_out(cx, prepared, &mut on);
        assert!(matches!(done, Err(Error::Conflict(_))), "{done:?}");
        assert_eq!(stands(cx).text(), Some(name.as_str()));
    }
    let prepared = file.prepare(cx, &mut on).unwrap();
    file.carry_out(cx, prepared, &mut on).unwrap();
    assert_eq!(stands(cx).text(), Some("Hoa"));
}
