//! Starts the program; everything else is a library call.
fn main() {}
