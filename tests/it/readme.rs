//! The README says what the program does.
use danvan::domain::words::Lang;
use danvan::tui::command::keys_table;

#[test]
fn the_table_of_keys_in_the_readme_is_the_programs() {
    let readme = include_str!("../../README.md");
    let (_, after) = readme.split_once("<!-- keys -->\n").unwrap();
    let (table, _) = after.split_once("\n<!-- /keys -->").unwrap();
    assert_eq!(
        table.trim(),
        keys_table(Lang::Vi).trim(),
        "paste the output of `danvan keys` between the marks"
    );
}
