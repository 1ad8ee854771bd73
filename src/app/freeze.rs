//! Periods kept as reported: what was counted stays, and what has changed since is listed row by row.
use super::history::moment;
use super::settings::Office;
use super::{Cx, Error, Result};
use crate::catalog::show::show;
use crate::catalog::{self, rate as words};
use crate::domain::date::vi;
use crate::domain::period::Period;
use crate::domain::rate::{Measure, Part};
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::domain::words::{Lang, Msg, Text, t};
use crate::store::{Db, FrozenRow, frozen_figures};
pub use crate::store::{FrozenCell, FrozenPeriod};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// A figure as reported and as it counts now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureDiff {
    /// The rate.
    pub measure: Measure,
    /// Numerator or denominator.
    pub part: Part,
    /// As reported.
    pub then: i64,
    /// Now.
    pub now: i64,
}

/// What became of a row since the period was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowChange {
    /// It was not counted then.
    Came,
    /// It is not counted any more.
    Went,
    /// It is counted in other figures, or what is known of it by the end of the period is another.
    Changed,
}

/// A fact of a row that differs: its key, the value then and now, as codes and ISO dates.
pub type FactDiff = (String, Option<String>, Option<String>);

impl RowChange {
    /// What became of it, in a word or two.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Came => t("thêm", "came"),
            Self::Went => t("mất", "went"),
            Self::Changed => t("khác", "changed"),
        }
    }
}

/// The name of a figure: «Tỷ lệ giải quyết · Phải GQ».
#[must_use]
pub fn figure_name(measure: Measure, part: Part) -> Msg {
    let (title, part) = (words::title(measure), words::part_label(measure, part));
    Msg::new(
        format!("{} · {}", title.vi, part.vi),
        format!("{} · {}", title.en, part.en),
    )
}

/// One row that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowDiff {
    /// Petition or opinion.
    pub kind: Kind,
    /// Its id.
    pub id: i64,
    /// Its number in the book.
    pub number: Option<String>,
    /// What became of it.
    pub change: RowChange,
    /// Figures it left.
    pub left: Vec<(Measure, Part)>,
    /// Figures it joined.
    pub joined: Vec<(Measure, Part)>,
    /// What differs in it.
    pub facts: Vec<FactDiff>,
}

impl RowDiff {
    /// What it is called: «đơn 15/2026».
    #[must_use]
    pub fn name(&self) -> Msg {
        let one = catalog::entity(self.kind).one;
        let number = self.number.clone().unwrap_or_else(|| self.id.to_string());
        Msg::new(
            format!("{} {number}", one.vi),
            format!("{} {number}", one.en),
        )
    }

    /// The figures that it left and joined, and what differs in it, a line each.
    #[must_use]
    pub fn details(&self) -> Vec<Msg> {
        let moved = |sign: &str, (m, p): &(Measure, Part)| {
            let name = figure_name(*m, *p);
            Msg::new(format!("{sign} {}", name.vi), format!("{sign} {}", name.en))
        };
        let left = self.left.iter().map(|figure| moved("-", figure));
        let joined = self.joined.iter().map(|figure| moved("+", figure));
        let facts = self.facts.iter().map(|fact| self.fact(fact));
        left.chain(joined).chain(facts).collect()
    }

    /// «Ngày giải quyết: 02/03/2026 → –».
    fn fact(&self, (key, then, now): &FactDiff) -> Msg {
        let field = catalog::any_field(self.kind, key);
        let said = |code: &Option<String>, lang| match (code, field) {
            (None, _) => "–".to_owned(),
            (Some(code), None) => code.clone(),
            (Some(code), Some(field)) => {
                let value = match NaiveDate::parse_from_str(code, "%Y-%m-%d") {
                    Ok(day) => Value::Date(day),
                    Err(_) => Value::Text(code.clone()),
                };
                show(field, &value, lang)
            }
        };
        let line =
            |label: &str, lang| format!("{label}: {} → {}", said(then, lang), said(now, lang));
        let label = |lang| field.map_or(key.as_str(), |field| field.label.get(lang));
        Msg::new(
            line(label(Lang::Vi), Lang::Vi),
            line(label(Lang::En), Lang::En),
        )
    }
}

/// A kept period against what the registers say of it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// The period.
    pub period: FrozenPeriod,
    /// Every figure, then and now.
    pub figures: Vec<FigureDiff>,
    /// The rows that differ, by register and id.
    pub rows: Vec<RowDiff>,
}

/// Keeps a period as reported.
///
/// # Errors
/// A period that is not over, or is kept already; a failure of the database.
pub fn keep(cx: &mut Cx, period: Period) -> Result<FrozenPeriod> {
    let today = cx.today();
    let (actor, at) = (cx.actor().to_owned(), cx.stamp());
    let label = period.label();
    // Somebody else may keep it, or change how it counts, up to this very transaction.
    let (id, withdrawn) = cx.store.write::<_, Error>(|tx| {
        judge(tx.read(), period, today)?;
        let withdrawn = Office::load(tx.read())?.withdrawn_counts;
        let id = tx.freeze(&label, period, withdrawn, (&actor, &at))?;
        Ok((id, withdrawn))
    })?;
    Ok(FrozenPeriod {
        id,
        label,
        period,
        withdrawn,
        at,
        who: actor,
    })
}

/// Whether a period can be kept now.
///
/// # Errors
/// A period that is not over, or is kept already; a failure of the database.
pub fn may_keep(cx: &Cx, period: Period) -> Result<()> {
    judge(cx.store.read(), period, cx.today())
}

fn judge(db: Db, period: Period, today: NaiveDate) -> Result<()> {
    if period.to > today {
        return Err(Error::refused(Msg::new(
            format!(
                "Kỳ: đến ngày {} mới hết, hôm nay là {}; chỉ chốt số liệu của kỳ đã hết",
                vi(period.to),
                vi(today)
            ),
            format!(
                "Period: it ends on {}; only a period that is over is kept",
                period.to
            ),
        )));
    }
    if let Some(kept) = db.frozen_period(period)? {
        return Err(Error::refused(Msg::new(
            format!(
                "Kỳ: số liệu đã chốt lúc {} ({})",
                moment(&kept.at),
                kept.who
            ),
            format!(
                "Period: kept already at {} ({})",
                moment(&kept.at),
                kept.who
            ),
        )));
    }
    Ok(())
}

/// A period as kept, with what a rate was then: numerator and denominator over all units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// When and by whom.
    pub period: FrozenPeriod,
    /// As reported.
    pub num: i64,
    /// As reported.
    pub den: i64,
}

/// What a rate was when its period was kept; none when it was not.
///
/// # Errors
/// A failure of the database.
pub fn kept_rate(cx: &Cx, period: Period, measure: Measure) -> Result<Option<Kept>> {
    let db = cx.store.read();
    let Some(period) = db.frozen_period(period)? else {
        return Ok(None);
    };
    let cells = db.frozen_cells(period.id)?;
    let of = |part| {
        let found = cells
            .iter()
            .find(|c| (c.measure, c.part) == (measure, part));
        found.map_or(0, |cell| cell.count)
    };
    Ok(Some(Kept {
        num: of(Part::Numerator),
        den: of(Part::Denominator),
        period,
    }))
}

/// The periods kept as reported, the latest first.
///
/// # Errors
/// A failure of the database.
pub fn list(cx: &Cx) -> Result<Vec<FrozenPeriod>> {
    Ok(cx.store.read().frozen_periods()?)
}

fn kept(cx: &Cx, period: Period) -> Result<FrozenPeriod> {
    cx.store.read().frozen_period(period)?.ok_or_else(|| {
        Error::NotFound(Msg::new(
            format!("Chưa chốt số liệu của kỳ {}", period.label()),
            format!("The period {} has not been kept", period.label_en()),
        ))
    })
}

/// The figures of a kept period as reported.
///
/// # Errors
/// When the period is not kept, or a failure of the database.
pub fn figures(cx: &Cx, period: Period) -> Result<(FrozenPeriod, Vec<FrozenCell>)> {
    let kept = kept(cx, period)?;
    let cells = cx.store.read().frozen_cells(kept.id)?;
    Ok((kept, cells))
}

fn in_cells(mask: i64) -> Vec<(Measure, Part)> {
    let all = frozen_figures().into_iter().enumerate();
    all.filter(|(bit, _)| mask & (1 << bit) != 0)
        .map(|(_, figure)| figure)
        .collect()
}

fn facts(then: &str, now: &str) -> Vec<FactDiff> {
    let read = |text: &str| -> serde_json::Map<String, serde_json::Value> {
        serde_json::from_str(text).unwrap_or_default()
    };
    let (then, now) = (read(then), read(now));
    let text = |value: Option<&serde_json::Value>| match value {
        None | Some(serde_json::Value::Null) => None,
        Some(serde_json::Value::String(s)) => Some(s.clone()),
        Some(other) => Some(other.to_string()),
    };
    let mut keys: Vec<&String> = then.keys().collect();
    keys.extend(now.keys().filter(|key| !then.contains_key(*key)));
    keys.into_iter()
        .map(|key| (key.clone(), text(then.get(key)), text(now.get(key))))
        .filter(|(_, then, now)| then != now)
        .collect()
}

/// What has changed since a period was kept.
///
/// # Errors
/// When the period is not kept, or a failure of the database.
pub fn diff(cx: &Cx, period: Period) -> Result<Diff> {
    let (kept, cells) = figures(cx, period)?;
    let db = cx.store.read();
    let then = db.frozen_rows(kept.id)?;
    let now = db.rows_of_period(period, kept.withdrawn)?;
    let keys: BTreeSet<_> = then.keys().chain(now.keys()).copied().collect();
    let none = FrozenRow::default();
    let mut rows = Vec::new();
    for (kind, id) in keys {
        let was = then.get(&(kind, id));
        let is = now.get(&(kind, id));
        let (change, now_facts) = match (was, is) {
            (None, _) => (RowChange::Came, None),
            (Some(_), Some(row)) => (RowChange::Changed, Some(row.facts.clone())),
            // Why it went is told by what differs in it.
            (Some(_), None) => (RowChange::Went, db.facts(kind, id, period.to)?.map(|f| f.1)),
        };
        let (was, is) = (was.unwrap_or(&none), is.unwrap_or(&none));
        let facts = match (change, now_facts) {
            (RowChange::Came, _) | (_, None) => Vec::new(),
            (_, Some(now)) => facts(&was.facts, &now),
        };
        if change == RowChange::Changed && was.cells == is.cells && facts.is_empty() {
            continue;
        }
        rows.push(RowDiff {
            kind,
            id,
            number: was.number.clone().or_else(|| is.number.clone()),
            change,
            left: in_cells(was.cells & !is.cells),
            joined: in_cells(is.cells & !was.cells),
            facts,
        });
    }
    let figures = cells
        .into_iter()
        .map(|cell| {
            let figure = (cell.measure, cell.part);
            let count = now
                .values()
                .filter(|row| in_cells(row.cells).contains(&figure))
                .count();
            FigureDiff {
                measure: cell.measure,
                part: cell.part,
                then: cell.count,
                now: i64::try_from(count).unwrap_or(i64::MAX),
            }
        })
        .collect();
    Ok(Diff {
        period: kept,
        figures,
        rows,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::app::records::{self, NewRecord};
    use crate::app::{petitions, rates};
    use crate::domain::petition::{Outcome, Step, StepKind};

    fn d(s: &str) -> NaiveDate {
        NaiveDate::parse_from_str(s, "%Y-%m-%d").unwrap()
    }

    fn complaint(cx: &mut Cx, on: &str) -> i64 {
        let new = NewRecord {
            fields: vec![
                ("received_on", Value::Date(d(on))),
                ("type", Value::Text("complaint".into())),
                ("subject", Value::Text("đất".into())),
                ("petitioner", Value::Text("Trần Thử Nghiệm".into())),
            ],
            ..NewRecord::default()
        };
        records::add(cx, Kind::Petition, &[new]).unwrap()[0]
            .head()
            .id
    }

    fn step(cx: &mut Cx, id: i64, kind: StepKind, on: &str) {
        let step = Step {
            kind: Some(kind),
            on: Some(d(on)),
            outcome: (kind == StepKind::Resolve).then_some(Outcome::Justified),
            ..Step::default()
        };
        petitions::take(cx, id, step).unwrap();
    }

    #[test]
    fn a_period_is_kept_by_the_setting_that_holds_in_that_moment() {
        let dir = tempfile::tempdir().unwrap();
        let config = crate::app::Config {
            db: dir.path().join("a.db"),
            today: Some(d("2026-07-20")),
            read_only: false,
            assume_fs: None,
            state_dir: dir.path().join("state"),
            actor: "lan".into(),
            demo: false,
        };
        let mut cx = Cx::create(&config).unwrap();
        let mut other = cx.reopen().unwrap();
        crate::app::settings::set(&mut other, "withdrawn_counts", "false").unwrap();
        let half = Period::parse("2026-H1").unwrap();
        assert!(!keep(&mut cx, half).unwrap().withdrawn);
        assert!(matches!(keep(&mut other, half), Err(Error::Refused(_))));
    }

    #[test]
    fn a_kept_period_tells_what_came_went_and_changed() {
        let mut cx = Cx::in_memory(d("2026-07-20"), std::path::Path::new("/nonexistent")).unwrap();
        let half = Period::parse("2026-H1").unwrap();
        let resolved = complaint(&mut cx, "2026-02-02");
        step(&mut cx, resolved, StepKind::Accept, "2026-02-05");
        step(&mut cx, resolved, StepKind::Resolve, "2026-03-02");
        let open = complaint(&mut cx, "2026-03-03");
        let gone = complaint(&mut cx, "2026-04-04");
        assert!(keep(&mut cx, Period::parse("2026").unwrap()).is_err());
        assert!(diff(&cx, half).is_err());
        keep(&mut cx, half).unwrap();
        assert!(keep(&mut cx, half).is_err());
        assert_eq!(list(&cx).unwrap()[0].label, "6 tháng đầu năm 2026");
        assert!(diff(&cx, half).unwrap().rows.is_empty());
        let text = format!("{:?}", cx.store.read().frozen_rows(1).unwrap());
        assert!(
            !text.contains("Nghiệm") && text.contains("complaint"),
            "{text}"
        );

        // What happens after the period is no difference.
        step(&mut cx, open, StepKind::Accept, "2026-07-02");
        assert!(diff(&cx, half).unwrap().rows.is_empty());
        petitions::undo_step(&mut cx, resolved, "nhầm").unwrap();
        records::set_removed(&mut cx, Kind::Petition, gone, true).unwrap();
        let late = complaint(&mut cx, "2026-06-30");
        let diff = diff(&cx, half).unwrap();
        let of = |id| diff.rows.iter().find(|row| row.id == id).unwrap();
        assert_eq!(diff.rows.len(), 3, "{:?}", diff.rows);
        assert_eq!(of(late).change, RowChange::Came);
        assert_eq!(of(late).joined, [(Measure::Processing, Part::Denominator)]);
        assert_eq!(of(gone).change, RowChange::Went);
        assert_eq!(of(resolved).change, RowChange::Changed);
        assert!(
            of(resolved)
                .left
                .contains(&(Measure::Resolution, Part::Numerator))
        );
        let on = |(key, ..): &&FactDiff| key == "resolved_on";
        let fact = of(resolved).facts.iter().find(on).unwrap();
        assert_eq!(
            (fact.1.as_deref(), fact.2.as_deref()),
            (Some("2026-03-02"), None)
        );
        for figure in &diff.figures {
            let q = rates::RateQuery {
                measure: figure.measure,
                from: half.from,
                to: half.to,
                by: crate::domain::rate::GroupBy::Year,
                units: Vec::new(),
                petition_type: None,
            };
            let row = rates::total(&cx, &q).unwrap();
            let now = match figure.part {
                Part::Numerator => row.num.count,
                _ => row.den.count,
            };
            assert_eq!(figure.now, now, "{figure:?}");
        }
        let (_, cells) = figures(&cx, half).unwrap();
        assert_eq!((cells[0].count, cells[1].count), (1, 3));
    }
}
