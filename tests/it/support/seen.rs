//! What stands on the screen of a test, asked in one line.
use super::driver::Driver;

pub fn says(driver: &Driver, text: &str) -> bool {
    driver.screen().contains(text)
}

#[track_caller]
pub fn shows(driver: &Driver, text: &str) {
    let screen = driver.screen();
    assert!(screen.contains(text), "«{text}» is not in\n{screen}");
}

#[track_caller]
pub fn hides(driver: &Driver, text: &str) {
    let screen = driver.screen();
    assert!(!screen.contains(text), "«{text}» is in\n{screen}");
}

/// Goes from field to field until the one of this label says so.
#[track_caller]
pub fn go_to(driver: &mut Driver, label: &str) {
    for _ in 0..60 {
        if says(driver, &format!("\n {label}:")) {
            return;
        }
        driver.press("Tab");
    }
    panic!("no field «{label}»\n{}", driver.screen());
}
