//! Petitions from the keyboard: add, look, step, remove.

use crate::support::driver::{Driver, empty_cx, program};
use danvan::tui::Options;

fn start() -> Driver {
    let mut driver = program(empty_cx(), Options::default(), 80, 24);
    driver.press("5");
    driver
}

fn says(driver: &Driver, text: &str) -> bool {
    driver.screen().contains(text)
}

/// Adds a complaint about land, received on 3/3/2025, and comes back to the list.
fn add(driver: &mut Driver, subject: &str) {
    driver
        .press("F2 Ctrl-U")
        .type_("3/3")
        .press("Tab Tab")
        .type_("kh")
        .press("Tab");
    for _ in 0..12 {
        if says(driver, "Nội dung: tóm tắt") {
            break;
        }
        driver.press("Tab");
    }
    driver.type_(subject).press("F10");
}

#[test]
fn a_petition_is_added_from_the_keyboard() {
    let mut driver = start();
    assert!(says(&driver, "sổ chưa có gì"), "{}", driver.screen());
    driver.press("F2");
    println!("{}", driver.screen());
    driver.press("Esc");
    add(&mut driver, "Đường liên ấp hư hỏng");
    println!("{}", driver.screen());
    assert!(
        says(&driver, "đã lưu đơn 1/2025, hạn 13/03/2025"),
        "{}",
        driver.screen()
    );
    assert!(says(&driver, "> 1/2025"), "{}", driver.screen());
    driver.press("Enter");
    println!("{}", driver.screen());
    driver.press("v");
    println!("{}", driver.screen());
    driver.press("Esc m");
    println!("{}", driver.screen());
    driver.press("Enter");
    println!("{}", driver.screen());
    driver.press("Esc Esc 2");
    println!("{}", driver.screen());
    driver.press("f").type_("vinh long");
    println!("{}", driver.screen());
    driver.press("Enter");
    println!("{}", driver.screen());
    driver.press("Enter");
    println!("{}", driver.screen());
}
