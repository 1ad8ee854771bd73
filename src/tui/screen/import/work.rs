//! The long part of an import, done aside: keys, searches and saves go on meanwhile.

use std::collections::BTreeMap;

use crate::app::cx::millis;
use crate::app::import::{Plan, Prepared, Progress};
use crate::app::{Cx, Error, Result, units};
use crate::catalog::{Type, carried};
use crate::exchange::layout::Layout;
use crate::exchange::read::Stop;
use crate::transfer::{Import, Pace, Request};

/// What is to be done.
pub(super) enum Task {
    /// Open a file and find its headings.
    Open(Request),
    /// Judge its rows.
    Plan(Box<Import>),
    /// Write what was planned.
    Write(Box<Import>, Box<Prepared>),
}

/// What came of it.
pub(super) enum Got {
    /// The file, with how its table is understood.
    Opened(Box<Import>),
    /// The plan, with the names of the units that a person has named.
    Planned(Box<Import>, Box<Prepared>, BTreeMap<String, String>),
    /// What was written.
    Written(Plan),
    /// Why not; the file, when it is still open.
    Failed(Option<Box<Import>>, Error),
}

/// How far it is: the step, seconds left.
pub(super) type Far = (Progress, Option<i64>);

/// Milliseconds between two tellings: a line of 9,600 baud has time for them.
const BEAT: i64 = 700;

/// Does it; `tell` hears how far it is, and once `stop` was asked for nothing that was begun stays.
pub(super) fn run(cx: &mut Cx, task: Task, stop: &Stop, tell: &dyn Fn(Far)) -> Got {
    let pace = Pace::default();
    let mut last = 0;
    let mut watch = |progress: Progress| {
        let now = millis();
        if now - last >= BEAT {
            last = now;
            tell((progress, pace.left(progress.part)));
        }
        !stop.asked()
    };
    match task {
        Task::Open(request) => {
            let folder = cx.config().state_dir.clone();
            match Import::open(&folder, &request, stop) {
                Ok(import) => Got::Opened(Box::new(import)),
                Err(error) => Got::Failed(None, error),
            }
        }
        Task::Plan(mut import) => match import.prepare(cx, &mut watch) {
            Ok(prepared) => {
                let units = named_units(cx, &import.layout);
                Got::Planned(import, Box::new(prepared), units)
            }
            Err(error) => Got::Failed(Some(import), error),
        },
        Task::Write(import, prepared) => {
            let done: Result<Plan> = import.carry_out(cx, *prepared, &mut watch);
            match done {
                Ok(plan) => Got::Written(plan),
                Err(error) => Got::Failed(Some(import), error),
            }
        }
    }
}

/// The names of the units that answers mean, by `CODE` or `CODE@DAY`.
fn named_units(cx: &Cx, layout: &Layout) -> BTreeMap<String, String> {
    let unit = |key: &str| {
        let field = carried::in_file(layout.kind, key);
        field.is_some_and(|f| f.ty == Type::Unit)
    };
    let own = layout.words.iter().filter(|(key, _)| unit(key));
    let codes = own.flat_map(|(_, words)| words.values());
    codes
        .flat_map(|codes| codes.split_whitespace())
        .filter_map(|code| Some((code.to_owned(), units::locate(cx, code).ok()?.name)))
        .collect()
}
