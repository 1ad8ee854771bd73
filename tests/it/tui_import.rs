//! Importing on the screen: file, columns, problems, doing it; undo takes it back as one.
use crate::support::driver::{Driver, program};
use crate::support::world::World;
use danvan::app::{records, undo};
use danvan::domain::query::Query;
use danvan::domain::record::Kind;
use danvan::tui::Options;

const FILE: &str = "Ngày nhận;Loại đơn;Nội dung;Người nộp;Mã cũ\n\
    04/03/2019;KN;Đường liên ấp hư hỏng;Lê Thị Bông;1\n\
    31/02/2019;KN;Mương lấp;Trần Văn Tí;2\n";

fn start(text: &[u8]) -> Driver {
    let world = World::on("2026-03-12");
    std::fs::write(world.file("so-2019.csv"), text).unwrap();
    let path = world.file("so-2019.csv");
    let mut p = program(world, Options::default(), 80, 24);
    p.press("5 I");
    p.press("p").type_(path.to_str().unwrap()).press("Enter");
    p
}

fn papers(p: &mut Driver) -> usize {
    records::count(p.cx(), &Query::all(Kind::Petition)).unwrap()
}

#[test]
fn a_file_goes_through_its_four_steps() {
    let mut p = start(FILE.as_bytes());
    let screen = p.screen();
    assert!(
        screen.contains("bước 2/4: cột") && screen.contains("so-2019.csv"),
        "{screen}"
    );
    assert!(
        screen.contains("Ngày nhận") && screen.contains("– không nhập"),
        "{screen}"
    );
    // the fourth column is sent to the petitioner
    p.press("Down Down Down Enter")
        .type_("người gửi")
        .press("Enter");
    let screen = p.screen();
    assert!(
        screen
            .lines()
            .any(|l| l.contains("Người nộp") && l.contains("Người gửi")),
        "{screen}"
    );
    p.press("t");
    let screen = p.screen();
    assert!(
        screen.contains("bước 3/4: soát") && screen.contains("thêm 1 · sửa 0 · đã có 0 · lỗi 1"),
        "{screen}"
    );
    assert!(screen.contains("31/02/2019"), "{screen}");
    // a cell that breaks a rule is mended in the file: Enter says so
    p.press("Enter");
    assert!(p.screen().contains("ô này sửa trong tệp"), "{}", p.screen());
    p.press("t");
    assert!(
        p.screen().contains("còn dòng lỗi, chưa ghi gì"),
        "{}",
        p.screen()
    );
    assert_eq!(papers(&mut p), 0);
    // the bad row goes into a file to mend
    let mend = p.folder().join("sua.csv");
    p.press("x");
    for _ in 0..40 {
        p.press("Backspace");
    }
    p.type_(mend.to_str().unwrap()).press("Enter");
    let text = std::fs::read_to_string(&mend).unwrap();
    assert!(
        text.contains("Mương lấp") && !text.contains("Bông"),
        "{text}"
    );
    // mended in its place, the file is taken whole
    let good = FILE.replace("31/02", "28/02");
    std::fs::write(p.folder().join("so-2019.csv"), good).unwrap();
    p.press("Esc Esc p");
    let path = p.folder().join("so-2019.csv");
    p.type_(path.to_str().unwrap()).press("Enter t t");
    let screen = p.screen();
    assert!(screen.contains("thêm 2"), "{screen}");
    p.press("c Enter");
    assert!(p.screen().contains("Đã ghi xong"), "{}", p.screen());
    assert_eq!(papers(&mut p), 2);
    p.press("Enter");
    assert!(p.screen().contains("Mương lấp"), "{}", p.screen());
    // the same file again
    p.press("I p");
    p.type_(path.to_str().unwrap()).press("Enter t");
    assert!(p.screen().contains("đã có 2"), "{}", p.screen());
    p.press("Esc Esc Esc");
    assert!(p.screen().contains("Đơn thư"), "{}", p.screen());
}

#[test]
fn old_text_is_shown_before_and_after_and_asked_where_unsure() {
    let file = "Ngày nhận;Loại;Nội dung;Người gửi\n04/03/2019;KN;Đường hư;Hoµng\n";
    let mut p = start(file.as_bytes());
    p.press("t");
    let screen = p.screen();
    assert!(
        screen.contains("lỗi 1") && screen.contains("Hoàng"),
        "{screen}"
    );
    p.press("Esc b").type_("tcvn").press("Enter");
    p.press("Down Down Down");
    assert!(p.screen().contains("Hoµng → Hoàng"), "{}", p.screen());
    p.press("t t c Enter");
    assert_eq!(papers(&mut p), 1);
}

#[test]
fn days_in_two_orders_wait_for_an_answer() {
    let file = "Ngày nhận;Loại;Nội dung\n13/02/2019;KN;Một\n03/04/2019;KN;Hai\n02/01/2019;KN;Ba\n05/14/2019;KN;Bốn\n";
    let mut p = start(file.as_bytes());
    p.press("t");
    assert!(p.screen().contains("lỗi 3"), "{}", p.screen());
    // at the problem itself
    p.press("Down");
    assert!(
        p.screen().contains("Enter để chọn cách viết ngày"),
        "{}",
        p.screen()
    );
    p.press("Enter Enter");
    assert!(
        p.screen().contains("thêm 3 · sửa 0 · đã có 0 · lỗi 1"),
        "{}",
        p.screen()
    );
    // and at the column
    p.press("Esc d Enter t");
    assert!(
        p.screen().contains("thêm 3 · sửa 0 · đã có 0 · lỗi 1"),
        "{}",
        p.screen()
    );
}

#[test]
fn the_cursor_stands_on_the_first_table_of_a_folder_and_on_the_folder_one_came_from() {
    let world = World::on("2026-03-12");
    let folder = world.file("so cu");
    std::fs::create_dir_all(folder.join("anh")).unwrap();
    std::fs::write(folder.join("so-2019.csv"), FILE).unwrap();
    let mut p = program(world, Options::default(), 80, 24);
    p.press("5 I p").type_(folder.to_str().unwrap());
    p.press("Enter");
    assert!(p.screen().contains("> so-2019.csv"), "{}", p.screen());
    p.press("Home Enter");
    assert!(p.screen().contains("> so cu/"), "{}", p.screen());
    p.press("Enter Enter");
    assert!(p.screen().contains("bước 2/4: cột"), "{}", p.screen());
}

#[test]
fn a_file_that_is_none_is_told_and_leaving_harms_nothing() {
    let mut p = start(b"PK\x03\x04 broken");
    p.press("Esc");
    assert!(p.screen().contains("Đơn thư"), "{}", p.screen());
    let mut p = start(b"a;b\n1;2\n");
    assert!(p.screen().contains("bước 1/4: tệp"), "{}", p.screen());
    assert!(p.screen().contains("tiêu đề"), "{}", p.screen());
    p.press("t d x b s Esc");
    assert_eq!(papers(&mut p), 0);
}

const FINISHED: &str = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Kết quả;Ngày giải quyết;Chuyển đến\n\
    04/03/2019;Kiến nghị;Đèn đường;Lê Thị Bông;Đã trả lời;20/03/2019;\n\
    05/03/2019;KN;Bồi thường đất;Trần Văn Tí;Đã giải quyết xong;;\n\
    06/03/2019;Kiến nghị;Cầu gãy;Phạm Thị Sen;;15/03/2019;thanh tra huyện\n";

/// Stages of the petitions, the oldest first.
fn stages(p: &mut Driver) -> Vec<String> {
    let mut query = Query::all(Kind::Petition);
    query.sort = vec![("received_on", false)];
    let all = records::list(p.cx(), &query, 0, None).unwrap();
    all.iter()
        .map(|r| r.get("stage").text().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn finished_matters_come_in_finished_and_what_the_book_lacks_is_asked() {
    let mut p = start(FINISHED.as_bytes());
    let screen = p.screen();
    for line in [
        "Ngày kết thúc",
        "Chuyển đến",
        "việc xong mà sổ ghi thiếu (c): hỏi trước khi ghi",
    ] {
        assert!(screen.contains(line), "{line}: {screen}");
    }
    p.press("t");
    let screen = p.screen();
    assert!(
        screen.contains("đã kết thúc 1 · sổ ghi thiếu: vào như chưa xong 2"),
        "{screen}"
    );
    // the words of one row are explained, for every row that has them
    assert!(screen.contains("«thanh tra huyện» chưa rõ"), "{screen}");
    p.press("Down Enter").type_("29602").press("Enter");
    let screen = p.screen();
    assert!(
        screen.contains("đã kết thúc 1 · chờ phúc đáp 1 · sổ ghi thiếu"),
        "{screen}"
    );
    // nothing is written before the rest was decided
    p.press("t");
    assert!(p.screen().contains("xếp lưu là việc cũ"), "{}", p.screen());
    assert_eq!(papers(&mut p), 0);
    p.press("Enter");
    let screen = p.screen();
    assert!(
        screen.contains("đã kết thúc 2 · trong đó xếp lưu việc cũ 1"),
        "{screen}"
    );
    p.press("t");
    assert!(
        p.screen().contains("trong đó xếp lưu việc cũ 1"),
        "{}",
        p.screen()
    );
    p.press("c Enter");
    assert_eq!(stages(&mut p), ["resolved", "closed_other", "forwarded"]);
    // all of it, steps and petitions, is taken back as one and done again as one
    let told = undo::next(p.cx(), undo::Way::Back).unwrap().unwrap();
    undo::take_back(p.cx(), told.id).unwrap();
    assert_eq!(papers(&mut p), 0);
    let told = undo::next(p.cx(), undo::Way::Again).unwrap().unwrap();
    undo::take_back(p.cx(), told.id).unwrap();
    assert_eq!(stages(&mut p), ["resolved", "closed_other", "forwarded"]);
}

#[test]
fn a_change_with_steps_is_taken_back_with_its_fields() {
    let open = FINISHED.replace("Đã trả lời;20/03/2019", ";");
    let mut p = start(open.as_bytes());
    p.press("t c Enter t c Enter Esc");
    let later = FINISHED.replace("Người gửi;", "Người gửi;Cán bộ phụ trách;");
    let later = ["Lê Thị Bông", "Trần Văn Tí", "Phạm Thị Sen"]
        .iter()
        .fold(later, |text, name| {
            text.replace(name, &format!("{name};Đỗ Thị Tư"))
        });
    std::fs::write(p.folder().join("so-2019.csv"), later).unwrap();
    let path = p.folder().join("so-2019.csv");
    p.press("I p").type_(path.to_str().unwrap()).press("Enter");
    p.press("t");
    assert!(p.screen().contains("sửa 3"), "{}", p.screen());
    p.press("t");
    if p.screen().contains("xếp lưu là việc cũ") {
        p.press("Enter t");
    }
    p.press("c Enter");
    let officers = |p: &mut Driver| {
        let all = records::list(p.cx(), &Query::all(Kind::Petition), 0, None).unwrap();
        all.iter()
            .filter(|r| r.get("officer").text() == Some("Đỗ Thị Tư"))
            .count()
    };
    assert_eq!(
        (stages(&mut p)[0].as_str(), officers(&mut p)),
        ("resolved", 3)
    );
    let told = undo::next(p.cx(), undo::Way::Back).unwrap().unwrap();
    undo::take_back(p.cx(), told.id).unwrap();
    assert_eq!(
        (stages(&mut p)[0].as_str(), officers(&mut p)),
        ("received", 0)
    );
}

#[test]
fn what_is_right_comes_in_once_the_bad_rows_lie_in_a_file_to_mend() {
    let mut p = start(FILE.as_bytes());
    let mend = p.folder().join("so-2019-can-sua.csv");
    p.press("Down Down Down Enter").type_("người gửi");
    p.press("Enter t x");
    for _ in 0..40 {
        p.press("Backspace");
    }
    p.type_(mend.to_str().unwrap()).press("Enter");
    assert!(p.screen().contains("t ghi phần còn lại"), "{}", p.screen());
    p.press("t");
    assert!(p.screen().contains("1 dòng lỗi để ngoài"), "{}", p.screen());
    p.press("c Enter");
    let screen = p.screen();
    assert!(
        screen.contains("Đã ghi xong")
            && screen.contains("so-2019-can-sua.csv")
            && !screen.contains("lỗi 0"),
        "{screen}"
    );
    assert_eq!(papers(&mut p), 1);
    // its rows name those of the first file; mended, they come in and nothing else changes
    let text = std::fs::read_to_string(&mend).unwrap();
    assert!(text.contains("Dòng trong tệp gốc;"), "{text}");
    assert!(
        text.lines()
            .any(|l| l.contains("Mương lấp") && l.contains(";3;")),
        "{text}"
    );
    std::fs::write(&mend, text.replace("31/02", "28/02")).unwrap();
    p.press("Enter I p");
    p.type_(mend.to_str().unwrap()).press("Enter t");
    assert!(
        p.screen().contains("thêm 1 · sửa 0 · đã có 0 · lỗi 0"),
        "{}",
        p.screen()
    );
    p.press("t c Enter Enter");
    assert_eq!(papers(&mut p), 2);
    // an undo takes back what was written, no more
    p.press("u c Enter");
    assert_eq!(papers(&mut p), 1, "{}", p.screen());
}

#[test]
fn the_list_of_files_is_read_anew_on_the_way_back() {
    let mut p = start(FILE.as_bytes());
    let folder = p.folder().to_owned();
    p.press("Esc p");
    p.type_(folder.to_str().unwrap()).press("Enter Enter");
    assert!(p.screen().contains("bước 2/4"), "{}", p.screen());
    std::fs::write(folder.join("den-sau.csv"), FILE).unwrap();
    p.press("Esc");
    let screen = p.screen();
    assert!(
        screen.contains("bước 1/4") && screen.contains("den-sau.csv"),
        "{screen}"
    );
    assert!(screen.contains("> so-2019.csv"), "{screen}");
}

#[test]
fn words_that_are_no_unit_and_no_choice_are_explained_for_every_row() {
    let file = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Đơn vị;Kết quả;Ngày giải quyết\n\
        04/03/2019;KNPA;Đèn đường;Lê Thị Bông;Miền Tây;;\n\
        05/03/2019;KNPA;Cầu gãy;Trần Văn Tí;Miền Tây;;\n\
        06/03/2019;Kiến nghị;Cống hỏng;Phạm Thị Sen;857;Chuyển Công an tỉnh;15/03/2019\n";
    let mut p = start(file.as_bytes());
    p.press("t");
    let screen = p.screen();
    assert!(screen.contains("lỗi 2"), "{screen}");
    assert!(!screen.contains("recommendation"), "{screen}");
    p.press("Enter");
    let screen = p.screen();
    assert!(screen.contains("Loại đơn: «KNPA» nghĩa là"), "{screen}");
    p.press("Down Down Enter");
    let screen = p.screen();
    assert!(screen.contains("= đã nói nghĩa là kiến nghị"), "{screen}");
    assert!(screen.contains("không có đơn vị «Miền Tây»"), "{screen}");
    assert!(screen.contains("Enter để nói nghĩa là gì"), "{screen}");
    // the units to choose from are those of the row's day
    p.press("Enter").type_("857");
    let screen = p.screen();
    let unit = screen.lines().find(|line| line.contains("Huyện Long Hồ"));
    assert!(unit.is_some_and(|line| !line.contains("đến")), "{screen}");
    p.press("Enter");
    let screen = p.screen();
    assert!(screen.contains("lỗi 0"), "{screen}");
    // the addressee in the words of a result is asked for as a unit
    p.press("Enter");
    let screen = p.screen();
    assert!(screen.contains("Đơn vị nào là «Công an tỉnh»"), "{screen}");
    p.type_("86").press("Enter");
    let screen = p.screen();
    assert!(screen.contains("chờ phúc đáp 1"), "{screen}");
    p.press("t").press("c Enter");
    assert_eq!(stages(&mut p), ["received", "received", "forwarded"]);
}

#[test]
fn a_unit_that_is_not_there_is_added_from_the_list_that_lacks_it() {
    let file = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Đơn vị\n\
        04/03/2019;KN;Đèn đường;Lê Thị Bông;Hội quán Bờ Sông\n\
        05/03/2019;KN;Cầu gãy;Trần Văn Tí;Hội quán Bờ Sông\n";
    let mut p = start(file.as_bytes());
    p.press("t Enter").type_("khong co dau");
    let screen = p.screen();
    assert!(screen.contains("thêm đơn vị mới…"), "{screen}");
    // Left without saving, the question stands as before.
    p.press("Enter Esc");
    assert!(p.screen().contains("lỗi 2"), "{}", p.screen());
    p.press("Enter").type_("Hội quán Bờ Sông").press("Enter");
    let screen = p.screen();
    assert!(screen.contains("Hội quán Bờ Sông"), "{screen}");
    p.type_("HQ1").press("Ctrl-S");
    let screen = p.screen();
    assert!(screen.contains("lỗi 0"), "{screen}");
    assert!(screen.contains("nghĩa là HQ1 Hội quán Bờ Sông"), "{screen}");
    p.press("t").press("c Enter");
    let screen = p.screen();
    assert!(screen.contains("Đã ghi xong"), "{screen}");
    assert_eq!(papers(&mut p), 2);
}

#[test]
fn columns_of_marks_are_chosen_one_by_one() {
    let file = "Ngày nhận;Nội dung;Người gửi;Loại đơn / KN;Loại đơn / TC;Loại đơn / KNPA\n\
        04/03/2019;Đèn đường;Lê Thị Bông;;;x\n\
        05/03/2019;Thu hồi đất;Trần Văn Tí;x;;\n";
    let mut p = start(file.as_bytes());
    let columns = |p: &Driver| -> Vec<String> {
        let screen = p.screen();
        let rows = screen.lines().filter(|line| line.contains("Loại đơn /"));
        rows.map(str::to_owned).collect()
    };
    let before = columns(&p);
    assert!(before[2].contains("Loại đơn: kiến nghị ?"), "{before:?}");
    // the same answer once more leaves the others where they are, and is no guess any more
    p.press("End Enter Enter");
    let after = columns(&p);
    assert_eq!(after[..2], before[..2]);
    assert!(
        after[2].contains("kiến nghị") && !after[2].contains('?'),
        "{after:?}"
    );
    p.press("Enter").type_("phản ánh").press("Enter");
    let after = columns(&p);
    assert_eq!(after[..2], before[..2]);
    assert!(after[2].contains("Loại đơn: phản ánh"), "{after:?}");
}

#[test]
fn a_name_of_two_times_is_asked_for_each_and_one_that_is_known_stays() {
    let file = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Đơn vị\n\
        04/03/2019;Kiến nghị;Đèn đường;Lê Thị Bông;UBND huyện Long Hồ\n\
        05/03/2019;Kiến nghị;Cống hỏng;Phạm Thị Sen;Miền Tây\n\
        03/03/2026;Kiến nghị;Cầu gãy;Trần Văn Tí;UBND huyện Long Hồ\n\
        04/03/2026;Kiến nghị;Cầu hỏng;Võ Văn Sáu;Miền Tây\n";
    let mut p = start(file.as_bytes());
    p.press("t");
    assert!(p.screen().contains("lỗi 3"), "{}", p.screen());
    for (code, left) in [("857", "lỗi 2"), ("29602", "lỗi 1"), ("29584", "lỗi 0")] {
        p.press("Home Enter").type_(code).press("Enter");
        assert!(p.screen().contains(left), "{left}: {}", p.screen());
    }
    p.press("t").press("c Enter");
    let mut query = Query::all(Kind::Petition);
    query.sort = vec![("received_on", false)];
    let all = records::list(p.cx(), &query, 0, None).unwrap();
    let units = all.iter().map(|r| r.get("unit"));
    let codes: Vec<String> = units
        .map(|unit| match unit {
            danvan::domain::value::Value::Unit(unit) => unit.code,
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(codes, ["857", "857", "29602", "29584"]);
}

#[test]
fn an_answer_is_shown_and_can_be_changed_or_taken_back() {
    let file = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Đơn vị\n\
        04/03/2019;KNPA;Đèn đường;Lê Thị Bông;Miền Tây\n\
        05/03/2019;Kiến nghị;Cầu gãy;Trần Văn Tí;Miền Tây\n";
    let mut p = start(file.as_bytes());
    p.press("t Enter Down Down Enter");
    p.press("Home Enter").type_("86").press("Enter");
    let screen = p.screen();
    assert!(screen.contains("lỗi 0"), "{screen}");
    // both answers stand there; the unit was the wrong one
    let line = |p: &Driver, word: &str| -> String {
        let screen = p.screen();
        let found = screen.lines().find(|l| l.contains(word) && l.contains('='));
        found
            .unwrap_or_else(|| panic!("{word}: {screen}"))
            .to_owned()
    };
    assert!(line(&p, "Miền Tây").contains("86 "), "{}", p.screen());
    assert!(line(&p, "KNPA").contains("kiến nghị"), "{}", p.screen());
    p.press("End");
    assert!(p.screen().contains("Enter để đổi"), "{}", p.screen());
    p.press("Enter").type_("857").press("Enter");
    assert!(line(&p, "Miền Tây").contains("857 "), "{}", p.screen());
    assert!(!line(&p, "Miền Tây").contains("86 "), "{}", p.screen());
    // Enter alone changes nothing; taken back, the words are asked for again
    p.press("End Enter Enter");
    assert!(line(&p, "Miền Tây").contains("857 "), "{}", p.screen());
    p.press("End Enter Down Enter");
    assert!(p.screen().contains("lỗi 2"), "{}", p.screen());
}

#[test]
fn what_the_file_says_is_whole_below_the_list_and_has_room_in_it() {
    let long = "phường An Bình cũ nay thuộc khu vực ven sông Cổ Chiên";
    let file = format!(
        "Ngày nhận;Loại đơn;Nội dung;Người gửi;Đơn vị\n\
        04/03/2019;Kiến nghị;Đèn đường;Lê Thị Bông;{long}\n"
    );
    let mut p = start(file.as_bytes());
    p.press("t");
    let screen = p.screen();
    assert!(screen.contains("phường An Bình cũ nay"), "{screen}");
    assert!(screen.contains(&format!("Đơn vị: {long}")), "{screen}");
}

#[test]
fn no_example_shows_who_brought_a_denunciation() {
    let row = "04/03/2019;Nhũng nhiễu;Lê Thị Bông;ấp 3 xã Xuân;079123";
    let book = format!(
        "SỔ ĐƠN TỐ CÁO NĂM 2019;;;;\nNgày nhận;Nội dung;Người gửi;Địa chỉ;Số CCCD\n{row}\n"
    );
    let mut p = start(book.as_bytes());
    for _ in 0..5 {
        let screen = p.screen();
        for name in ["Bông", "Xuân", "079123"] {
            assert!(!screen.contains(name), "{screen}");
        }
        p.press("Down");
    }
    assert!(p.screen().contains("Nhũng nhiễu"), "{}", p.screen());
    // in a book of all types the rows of denunciations are left out
    let book = "Ngày nhận;Loại đơn;Nội dung;Người gửi;Số CCCD\n\
        04/03/2019;Tố cáo;Nhũng nhiễu;Lê Thị Bông;079123\n\
        05/03/2019;KN;Cầu gãy;Trần Văn Tí;079456\n";
    let p = start(book.as_bytes());
    let screen = p.screen();
    assert!(
        !screen.contains("Bông") && !screen.contains("079123"),
        "{screen}"
    );
    assert!(
        screen.contains("Trần Văn Tí") && screen.contains("079456"),
        "{screen}"
    );
}
