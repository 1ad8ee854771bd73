//! The layers that stand over a screen: questions, lists to choose from, texts to read.

pub mod ask;
pub mod confirm;
pub mod frame;
pub mod palette;
pub mod pick;
pub mod preview;
pub mod read;
pub mod slips;
pub mod undoing;
