//! What can be done with one record from any screen that shows it: edit, copy, remove, steps, why, history.

use super::form::FormScreen;
use super::list::period_label;
use super::why;
use super::{Flow, SCREENS, Screen, Ui, View};
use crate::app::{Result, intake, petitions, records};
use crate::catalog;
use crate::domain::period::Period;
use crate::domain::petition::StepKind;
use crate::domain::record::Kind;
use crate::domain::text::Problem;
use crate::domain::value::{Code, Value};
use crate::tui::command::{self, Command, Scope};
use crate::tui::effect::then;
use crate::tui::lang::{Lang, Text, t};
use crate::tui::modal::ask::Ask;
use crate::tui::modal::confirm::Confirm;
use crate::tui::modal::pick::{Pick, PickRow};
use crate::tui::modal::read::Read;
use crate::tui::widget::list::Column;

pub use super::unit_choice::{OFTEN, unit_columns, unit_pick, unit_rows};

/// A screen on which one record stands in front.
pub trait Host: Screen {
    /// The record: kind, id, and how messages name it.
    fn target(&self) -> Option<(Kind, i64, String)>;

    /// What a question about the record says it is, beside its number: its title, its day, its unit.
    fn told(&self) -> Vec<String> {
        Vec::new()
    }

    /// Reads its data again.
    fn reload(&mut self, ui: &mut Ui);
}

/// A rule that a text breaks, in the language of the screen.
pub fn problem_text(problem: &Problem, lang: Lang) -> String {
    match lang {
        Lang::Vi => problem.vi.clone(),
        Lang::En => problem.en.clone(),
    }
}

/// What a period typed so far means, or how it can be written.
pub fn period_echo(text: &str, v: &View) -> String {
    let help = t(
        "2026, 2026-H1, 2026-Q1, 2026-03, 2026-01..2026-05, tt:2026",
        "2026, 2026-H1, 2026-Q1, 2026-03, 2026-01..2026-05, tt:2026",
    );
    match Period::parse(text) {
        Ok(period) => period_label(period, v.lang),
        Err(_) => v.say(help).to_owned(),
    }
}

/// Runs a command on the record in front; what is none of these is passed on.
pub fn command<S: Host>(screen: &mut S, c: Command, ui: &mut Ui) -> Flow {
    let Some((kind, id, name)) = screen.target() else {
        return if c == Command::Actions {
            menu(screen, (None, false), Vec::new(), ui)
        } else {
            Flow::Pass
        };
    };
    match c {
        Command::Edit => open_form::<S>(kind, id, false, ui),
        Command::Copy => open_form::<S>(kind, id, true, ui),
        Command::Remove | Command::Restore => {
            let removed = c == Command::Remove;
            ask_removed::<S>((kind, id, name), screen.told(), removed, ui)
        }
        Command::Why => why::open::<S>(id, ui),
        Command::History => history::<S>(kind, id, name, ui),
        Command::Step => steps::<S>(id, false, ui),
        Command::UndoStep => undo_step::<S>(id, ui),
        Command::AsPetition => as_petition::<S>(kind, id, ui),
        Command::Actions if kind == Kind::Petition => steps::<S>(id, true, ui),
        Command::Actions => menu(screen, (Some(kind), false), Vec::new(), ui),
        _ => Flow::Pass,
    }
}

fn open_form<S: Host>(kind: Kind, id: i64, copy: bool, ui: &mut Ui) -> Flow {
    let v = ui.view;
    ui.run(
        move |cx| records::get(cx, kind, id),
        move |_: &mut S, record, ui| match record {
            Ok(record) if copy => Flow::Push(Box::new(FormScreen::copy(record.as_ref(), &v))),
            Ok(record) => Flow::Push(Box::new(FormScreen::edit(record, &v))),
            Err(error) => {
                ui.warn(error.text(v.lang));
                Flow::Stay
            }
        },
    );
    Flow::Stay
}

/// The form of the petition that a visit or an opinion becomes.
fn as_petition<S: Host>(kind: Kind, id: i64, ui: &mut Ui) -> Flow {
    ui.run(
        move |cx| intake::petition_from(cx, kind, id),
        move |_: &mut S, known: Result<_>, ui| match known {
            Ok(known) => {
                let form = FormScreen::petition_of((kind, id), known, &ui.view);
                Flow::Push(Box::new(form))
            }
            Err(error) => {
                ui.warn(error.text(ui.view.lang));
                Flow::Stay
            }
        },
    );
    Flow::Stay
}

/// Asks before a record is removed, or brought back: what it is, and what happens.
fn ask_removed<S: Host>(
    (kind, id, name): (Kind, i64, String),
    told: Vec<String>,
    removed: bool,
    ui: &Ui,
) -> Flow {
    let lang = ui.view.lang;
    let one = catalog::entity(kind).one.get(lang);
    let verb = if removed {
        t("Xóa", "Remove")
    } else {
        t("Khôi phục", "Restore")
    };
    let question = format!("{} {one} {name}?", verb.get(lang));
    let mut detail: Vec<String> = told
        .into_iter()
        .filter(|line| !line.is_empty() && *line != name)
        .collect();
    if removed {
        let kept = t(
            "Bản ghi không mất: xem «đã xóa» (o) và khôi phục (r) bất cứ lúc nào.",
            "Nothing is lost: show the removed ones (o) and restore (r) at any time.",
        );
        let number = t(
            " Số của nó không dùng lại.",
            " Its number is not used again.",
        );
        let number = if catalog::has_number(kind) {
            number.get(lang)
        } else {
            ""
        };
        detail.push(format!("{}{number}", kept.get(lang)));
    }
    let yes = then(move |_: &mut S, ui: &mut Ui| set_removed::<S>(kind, id, name, removed, ui));
    Flow::Push(Box::new(Confirm::new(question, detail, Flow::PopThen(yes))))
}

fn set_removed<S: Host>(kind: Kind, id: i64, name: String, removed: bool, ui: &mut Ui) -> Flow {
    ui.run(
        move |cx| records::set_removed(cx, kind, id, removed).map(drop),
        move |screen: &mut S, done, ui| {
            match done {
                Ok(()) => {
                    let said = if removed {
                        t("đã xóa", "removed")
                    } else {
                        t("đã khôi phục", "restored")
                    };
                    ui.note(format!(
                        "{} {} {name}",
                        ui.say(said),
                        catalog::entity(kind).one.get(ui.view.lang)
                    ));
                    screen.reload(ui);
                }
                Err(error) => ui.warn(error.text(ui.view.lang)),
            }
            Flow::Stay
        },
    );
    Flow::Stay
}

fn history<S: Host>(kind: Kind, id: i64, name: String, ui: &mut Ui) -> Flow {
    let v = ui.view;
    ui.run(
        move |cx| records::history(cx, kind, id),
        move |_: &mut S, rows, ui| match rows {
            Ok(rows) => {
                let items = why::history_items(kind, &rows, &v);
                let title = format!("{} · {name}", v.say(t("Lịch sử", "History")));
                Flow::Push(Box::new(Read::new(title, items)))
            }
            Err(error) => {
                ui.warn(error.text(v.lang));
                Flow::Stay
            }
        },
    );
    Flow::Stay
}

/// The steps of a petition that are allowed now; the others behind one line. With the other actions under them when
/// `all`.
fn steps<S: Host>(id: i64, all: bool, ui: &mut Ui) -> Flow {
    ui.run(
        move |cx| Ok((petitions::offers(cx, id)?, petitions::has_step(cx, id)?)),
        move |screen: &mut S, found: Result<_>, ui| match found {
            Ok((choices, stepped)) => {
                let lang = ui.view.lang;
                let barred = choices.iter().filter(|(_, why)| why.is_some()).count();
                let mut rows: Vec<PickRow> = choices
                    .iter()
                    .filter(|(_, why)| why.is_none())
                    .map(|(step, _)| step_row(*step, None, lang))
                    .collect();
                if barred > 0 {
                    let text = match lang {
                        Lang::Vi => format!("việc chưa làm được: {barred} (Enter xem vì sao)"),
                        Lang::En => format!("not possible now: {barred} (Enter says why)"),
                    };
                    let label = t("chưa làm được", "not now").get(lang);
                    rows.push(PickRow::new(BARRED, [label.to_owned(), text]));
                }
                if all {
                    menu(screen, (Some(Kind::Petition), stepped), rows, ui)
                } else {
                    push_menu::<S>(rows, ui)
                }
            }
            Err(error) => {
                ui.warn(error.text(ui.view.lang));
                Flow::Stay
            }
        },
    );
    Flow::Stay
}

/// Key of the line that the barred steps stand behind.
const BARRED: &str = "barred";

fn step_row(step: StepKind, why: Option<String>, lang: Lang) -> PickRow {
    let help = why
        .clone()
        .unwrap_or_else(|| catalog::step::help(step).get(lang).to_owned());
    let cells = [catalog::step::label(step).get(lang).to_owned(), help];
    PickRow {
        refused: why,
        ..PickRow::new(format!("step:{}", step.code()), cells)
    }
}

/// The steps that cannot be taken now, each with the reason.
fn barred_steps<S: Host>(id: i64, ui: &mut Ui) -> Flow {
    ui.run(
        move |cx| petitions::offers(cx, id),
        |_: &mut S, choices, ui| match choices {
            Ok(choices) => {
                let lang = ui.view.lang;
                let rows = choices.into_iter().filter_map(|(step, why)| {
                    Some(step_row(step, Some(why?.get(lang).to_owned()), lang))
                });
                push_menu::<S>(rows.collect(), ui)
            }
            Err(error) => {
                ui.warn(error.text(ui.view.lang));
                Flow::Stay
            }
        },
    );
    Flow::Stay
}

/// The menu of what can be done here: first `rows`, then the commands that the table has for a record of this kind, of
/// which a step can be taken back or not.
fn menu<S: Host>(
    screen: &S,
    (kind, stepped): (Option<Kind>, bool),
    mut rows: Vec<PickRow>,
    ui: &Ui,
) -> Flow {
    let lang = ui.view.lang;
    let state = screen.state(&ui.view);
    for row in command::in_scope(state.scope) {
        let plain = matches!(
            row.id,
            Command::Add
                | Command::Edit
                | Command::Copy
                | Command::History
                | Command::Remove
                | Command::Restore
        );
        let petition = kind == Some(Kind::Petition)
            && (row.id == Command::Why || row.id == Command::UndoStep && stepped);
        let becomes = row.id == Command::AsPetition && kind.is_some_and(intake::becomes_petition);
        let here = matches!(
            row.id,
            Command::Filter
                | Command::Sort
                | Command::Unit
                | Command::Period
                | Command::ShowRemoved
                | Command::MapDate
                | Command::Group
                | Command::Measure
                | Command::Compare
                | Command::Map
                | Command::Withdrawn
                | Command::Whose
                | Command::Figures
                | Command::CheckFigures
                | Command::Below
                | Command::Day
        );
        // The overview shows the first pieces of it.
        let work = row.id == Command::Agenda && state.scope == Scope::Home;
        if !plain && !petition && !becomes && !here && !work {
            continue;
        }
        let why = (row.enabled)(&state)
            .err()
            .map(|reason| reason.get(lang).to_owned());
        // What reading only forbids is told; what does not fit this record is not offered.
        if why.is_some() && !state.read_only {
            continue;
        }
        let help = why.clone().unwrap_or_else(|| row.help.get(lang).to_owned());
        let cells = [
            row.label.get(lang).to_owned(),
            format!("{help}  {}", row.key_label()),
        ];
        rows.push(PickRow {
            refused: why,
            ..PickRow::new(row.name, cells)
        });
    }
    push_menu::<S>(rows, ui)
}

fn push_menu<S: Host>(rows: Vec<PickRow>, ui: &Ui) -> Flow {
    let choose = Box::new(|row: PickRow| {
        then(move |screen: &mut S, ui: &mut Ui| {
            if row.key == BARRED {
                return match screen.target() {
                    Some((_, id, _)) => barred_steps::<S>(id, ui),
                    None => Flow::Stay,
                };
            }
            if let Some(step) = row.key.strip_prefix("step:").and_then(StepKind::from_code) {
                return match screen.target() {
                    Some((_, id, name)) => open_step::<S>(id, name, step, ui),
                    None => Flow::Stay,
                };
            }
            match command::all().find(|c| c.name == row.key) {
                Some(row) => match screen.command(row.id, ui) {
                    // What opens from anywhere is none of the screen's own.
                    Flow::Pass => (SCREENS.other)(row.id, &ui.view).map_or(Flow::Stay, Flow::Push),
                    flow => flow,
                },
                None => Flow::Stay,
            }
        })
    });
    let columns = vec![Column::new("", 10, 22, 0), Column::new("", 20, 100, 0)];
    Flow::Push(Box::new(Pick::fixed(ui.say(MENU), columns, rows, choose)))
}

const MENU: Text = t("Việc làm được ở đây", "What can be done here");

fn open_step<S: Host>(id: i64, name: String, step: StepKind, ui: &mut Ui) -> Flow {
    ui.run(
        move |cx| {
            petitions::guard(cx, id, step)?;
            let urge = match step {
                StepKind::Urge => petitions::next_urge(cx, id)?,
                _ => None,
            };
            let stand = petitions::stand(cx, id)?;
            Ok((records::get(cx, Kind::Petition, id)?, urge, stand))
        },
        move |_: &mut S, allowed: Result<_>, ui| match allowed {
            Ok((petition, urge, stand)) => {
                let v = &ui.view;
                let mut values = Vec::new();
                let mut about = name;
                if let Some(urge) = urge {
                    about.push_str(v.theme.dot());
                    about.push_str(&urge_note(&urge, v));
                    values.extend(urge.to.map(|unit| ("to", Value::Unit(unit))));
                }
                about.push_str(v.theme.dot());
                about.push_str(&records::title(petition.as_ref(), v.lang));
                let form =
                    FormScreen::step(petition.as_ref(), about, (step, Some(stand)), &values, v);
                Flow::Push(Box::new(form))
            }
            Err(error) => {
                ui.warn(error.text(ui.view.lang));
                Flow::Stay
            }
        },
    );
    Flow::Stay
}

/// «lần 2, nên từ 28/03».
fn urge_note(urge: &petitions::Urge, v: &View) -> String {
    let day = crate::domain::date::vi_short(urge.on, v.today);
    match v.lang {
        Lang::Vi => format!("lần {}, nên từ {day}", urge.number),
        Lang::En => format!("number {}, suggested from {day}", urge.number),
    }
}

/// Takes the last step back, where there is one: asks why first.
fn undo_step<S: Host>(id: i64, ui: &mut Ui) -> Flow {
    ui.run(
        move |cx| petitions::has_step(cx, id),
        move |_: &mut S, found: Result<bool>, ui| match found {
            Ok(true) => why_undone::<S>(id, ui),
            Ok(false) => {
                ui.warn(ui.say(petitions::NO_STEP));
                Flow::Stay
            }
            Err(error) => {
                ui.warn(error.text(ui.view.lang));
                Flow::Stay
            }
        },
    );
    Flow::Stay
}

fn why_undone<S: Host>(id: i64, ui: &Ui) -> Flow {
    let question = t("Lấy lại bước cuối: vì sao?", "Undo the last step: why?").get(ui.view.lang);
    let judge = move |text: &str, v: &View| {
        if text.is_empty() {
            return Err(v.say(t("phải nêu lý do", "a reason is needed")).to_owned());
        }
        let why = text.to_owned();
        Ok(then(move |_: &mut S, ui: &mut Ui| {
            ui.run(
                move |cx| petitions::undo_step(cx, id, &why).map(drop),
                |screen: &mut S, done, ui| {
                    match done {
                        Ok(()) => {
                            ui.note(
                                ui.say(t("đã lấy lại bước cuối", "the last step was taken back")),
                            );
                            screen.reload(ui);
                        }
                        Err(error) => ui.warn(error.text(ui.view.lang)),
                    }
                    Flow::Stay
                },
            );
            Flow::Stay
        }))
    };
    let echo = |_: &str, v: &View| {
        v.say(t(
            "lý do ghi vào lịch sử của đơn",
            "the reason goes into the history",
        ))
        .to_owned()
    };
    Flow::Push(Box::new(
        Ask::new(question, "", Box::new(judge), Box::new(echo)).in_words(),
    ))
}
