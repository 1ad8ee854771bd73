//! The rules, pure: no files, no clock, no SQL, no words on screen.
pub mod collate;
pub mod fold;
pub mod text;

#[cfg(test)]
pub(crate) mod testdata;
