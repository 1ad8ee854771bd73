//! What screens are made of. A widget keeps its own state and knows nothing of commands and effects.

pub mod bar;
pub mod canvas;
pub mod card;
pub mod choice;
pub mod column;
pub mod date;
pub mod line;
pub mod list;
pub mod memo;
pub mod paint;
pub mod tree;
pub mod typing;
