//! Vietnamese typed in the terminal program: by its own typing aid, and by the user's keyboard.

use crate::support::driver::{Driver, program};
use crate::support::seen::{go_to, hides, shows};
use crate::support::world::World;
use danvan::tui::Options;

fn open(section: &str) -> Driver {
    let mut driver = program(World::on("2025-03-14"), Options::default(), 80, 24);
    driver.press(section);
    driver
}

/// A new dialogue, the cursor in its topic.
fn topic() -> Driver {
    let mut driver = open("4");
    driver.press("n");
    go_to(&mut driver, "Chủ đề");
    driver
}

#[test]
fn telex_and_vni_are_switched_and_remembered() {
    let mut driver = topic();
    hides(&driver, "Telex");
    driver.press("Ctrl-t");
    shows(&driver, "Telex: aa ee oo dd");
    driver.type_("Ddaats ddai, ");
    driver.press("Ctrl-t");
    shows(&driver, "VNI: 6");
    driver.type_("mo6i tru7o7ng2");
    shows(&driver, "Đất đai, môi trường");
    assert!(driver.screen().lines().next().unwrap().contains("VNI"));
    let mut driver = program(driver.into_office(), Options::default(), 80, 24);
    assert!(driver.screen().lines().next().unwrap().contains("VNI"));
    driver.press("Ctrl-t 4 n");
    go_to(&mut driver, "Chủ đề");
    driver.type_("aas a6");
    shows(&driver, "aas a6");
}

#[test]
fn backspace_and_the_cursor_work_on_visible_letters() {
    let mut driver = topic();
    driver.press("Ctrl-t").type_("tieengs Vieetj");
    driver.press("Backspace Backspace").type_("eenj");
    shows(&driver, "tiếng Viện");
    // In the middle of a word its part before the cursor is typed on.
    driver.press("Left").type_("z");
    shows(&driver, "tiếng Viên");
    driver.type_("s");
    shows(&driver, "tiếng Viến");
    driver.press("Home").type_("aa ");
    shows(&driver, "â tiếng Viến");
}

#[test]
fn a_word_that_is_no_vietnamese_stays_and_the_last_one_can_be_shown_as_typed() {
    let mut driver = topic();
    driver.press("Ctrl-t").type_("office cos books");
    shows(&driver, "office có bốk");
    driver.press("Ctrl-g");
    shows(&driver, "office có books");
    driver.type_(" ").press("Ctrl-g Ctrl-g");
    shows(&driver, "office có books");
    // The word that is left with its field is over too.
    driver.press("Ctrl-u").type_("life").press("Tab Shift-Tab");
    shows(&driver, "life");
}

#[test]
fn codes_numbers_and_dates_take_keys_as_they_are() {
    let mut driver = open("4");
    driver.press("n Ctrl-t Ctrl-t");
    go_to(&mut driver, "Ngày đối thoại");
    driver.press("Ctrl-u").type_("13/3");
    shows(&driver, "13/3 ");
    go_to(&mut driver, "Đơn vị tổ chức");
    driver.type_("a6");
    shows(&driver, "a6");
}

#[test]
fn search_and_filters_are_typed_in_vietnamese() {
    let mut driver = topic();
    driver.type_("Đường liên ấp").press("F10 q");
    driver.press("Ctrl-t /").type_("dduwowngf lieen");
    shows(&driver, "Tìm: đường liên");
    shows(&driver, "Đường liên ấp");
    driver.press("Esc 4 f").type_("aaps");
    shows(&driver, "ấp");
    shows(&driver, "Đường liên ấp");
}

#[test]
fn the_office_says_where_tones_stand() {
    let mut driver = open("T");
    for _ in 0..8 {
        if driver
            .screen()
            .lines()
            .any(|line| line.starts_with("> Dấu thanh"))
        {
            break;
        }
        driver.press("Down");
    }
    driver.press("Enter").type_("moi").press("Enter");
    shows(&driver, "kiểu mới");
    driver.press("4 n Ctrl-t");
    go_to(&mut driver, "Chủ đề");
    driver.type_("hoaf giair");
    shows(&driver, "hoà giải");
}

#[test]
fn what_a_keyboard_of_the_users_own_sends_comes_out_right() {
    for aid in ["", "Ctrl-t", "Ctrl-t Ctrl-t"] {
        let mut driver = topic();
        driver.press(aid);
        // Unikey: letter, Backspace, new letters.
        driver.press("d").together("Backspace đ").press("u o n g");
        driver
            .together("Backspace Backspace Backspace Backspace ư ơ n g")
            .together("Backspace Backspace Backspace ờ n g");
        shows(&driver, "đường");
        // In parts, as macOS may send it: one Backspace takes the letter with its marks.
        driver
            .press("Space")
            .type_("Nguye\u{302}\u{303}")
            .press("Backspace");
        driver.type_("e\u{302}\u{303}n");
        shows(&driver, "đường Nguyễn");
        // «Unicode tổ hợp»: the keyboard takes back as many parts as it sent.
        driver
            .press("Space h o a")
            .together("Backspace Backspace o \u{300} a");
        driver.together("Backspace Backspace Backspace o a \u{300} n");
        shows(&driver, "đường Nguyễn hoàn");
        let told = driver.screen().contains("bàn phím của máy đã gõ");
        assert!(!told, "it is said once, and the next key clears it");
    }
}

#[test]
fn two_typing_aids_at_once_are_told_of() {
    let mut driver = topic();
    driver.press("Ctrl-t a").together("Backspace á");
    shows(&driver, "bàn phím của máy đã gõ tiếng Việt; Ctrl-T tắt");
    driver.press("s");
    shows(&driver, "ás");
    driver.together("Backspace Backspace a s");
    shows(&driver, "as");
}

#[test]
fn letters_that_a_keyboard_produced_run_commands_as_their_base_or_not_at_all() {
    // `f` and `/` open lines of their own; â ê ô and toned vowels stand for a, e, o.
    let mut driver = open("5");
    driver.press("ê");
    shows(&driver, "không có dòng nào đang chọn");
    driver.press("Esc đ");
    shows(&driver, "Đơn vị");
    driver.press("Esc");
    let before = driver.screen();
    for key in [
        "ư", "ơ", "w", "[", "]", "\u{301}", "\u{303}", "\u{309}", "\u{323}",
    ] {
        driver.press(key);
        assert_eq!(driver.screen(), before, "{key:?}");
    }
    driver.together("n \u{31b}");
    assert_eq!(driver.screen(), before);
    driver.press("e \u{302}");
    assert!(!driver.screen().contains("thêm đơn"), "{}", driver.screen());
}
