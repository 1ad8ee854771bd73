//! The rules, pure: no files, no clock, no SQL, no words on screen.
