//! The terminal program: a stack of screens over the use cases of `app`.
//!
//! Keys become commands through one table, commands return what is to be asked of the worker, answers come back as
//! messages, and a frame is drawn only after messages, in one write, or not at all when nothing changed.

pub mod backend;
pub mod command;
pub mod effect;
pub mod hangup;
pub mod keymap;
pub mod lang;
pub mod loop_;
pub mod modal;
pub mod msg;
pub mod root;
pub mod screen;
mod table;
pub mod terminal;
pub mod theme;
pub mod widget;
pub mod worker;
