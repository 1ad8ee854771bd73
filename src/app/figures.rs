//! Reported figures: their indicators, and what each printed rate and total gives when it is computed again.
use super::{Cx, Result};
use crate::catalog;
use crate::domain::check::{Judged, PrintedRate, Verdict, judge_qualified_sum, judge_rate};
use crate::domain::date::vi;
use crate::domain::figure::{Figure, PartKind, Qualifier};
use crate::domain::number::{Dec, MAX_SCALE, vi_dec, vi_int};
use crate::domain::query::Query;
use crate::domain::record::Kind;
use crate::domain::value::{Code, RecordId};
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;

/// One printed number computed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureCheck {
    /// The figure.
    pub id: i64,
    /// Body, indicator, period and what was computed.
    pub what: String,
    /// The number as printed, with the word before it.
    pub printed: String,
    /// What its parts give, ASCII with a decimal point; `–` where nothing can be computed.
    pub computed: String,
    /// Whether they agree.
    pub verdict: Verdict,
}

impl FigureCheck {
    /// The computed number as it is written here: `97,13`, `13.163`.
    #[must_use]
    pub fn computed_vi(&self) -> String {
        Dec::parse_ascii(&self.computed).map_or_else(|_| self.computed.clone(), vi_dec)
    }
}

/// The known indicators: code, name, unit of count.
///
/// # Errors
/// A failure of the database.
pub fn indicators(cx: &Cx) -> Result<Vec<(String, String, String)>> {
    Ok(cx.store.read().indicators()?)
}

/// The known indicators for a pick list: those that the office's figures use most first, then by code.
///
/// # Errors
/// A failure of the database.
pub fn indicators_by_use(cx: &Cx) -> Result<Vec<(String, String, String)>> {
    let mut known = indicators(cx)?;
    let uses = cx.store.read().uses(Kind::Figure, "indicator")?;
    let place = |code: &str| uses.iter().position(|(used, _)| used == code);
    known.sort_by_key(|(code, ..)| place(code).unwrap_or(usize::MAX));
    Ok(known)
}

/// Computes every printed rate and every total with parts again; figures with nothing to check are left out.
///
/// A total counts only with the parts that make it up, and only when all of them stand for its own period: five
/// months are never added up to six.
///
/// # Errors
/// A failure of the database.
pub fn check(cx: &Cx) -> Result<Vec<FigureCheck>> {
    let mut query = Query::all(Kind::Figure);
    query.sort = vec![("id", false)];
    let rows = cx.store.read().list(&query, cx.days(), 0, None)?;
    let figures: Vec<&Figure> = rows
        .iter()
        .filter_map(|row| row.as_any().downcast_ref::<Figure>())
        .collect();
    let names: HashMap<String, String> = indicators(cx)?
        .into_iter()
        .map(|(code, name, _)| (code, name))
        .collect();
    let mut parts: HashMap<i64, Vec<&Figure>> = HashMap::new();
    for figure in &figures {
        if let (Some(RecordId(total)), Some(PartKind::Partition)) =
            (figure.part_of, figure.part_kind)
        {
            parts.entry(total).or_default().push(figure);
        }
    }
    let mut out = Vec::new();
    for figure in figures {
        let mine = parts.get(&figure.head.id).map_or(&[][..], Vec::as_slice);
        let rate = rate(figure);
        let sum = sum(figure, mine);
        if rate.is_none() && sum.is_none() {
            continue;
        }
        let title = title(cx, &names, figure)?;
        for (of, printed, judged) in [rate, sum].into_iter().flatten() {
            out.push(FigureCheck {
                id: figure.head.id,
                what: format!("{title}: {of}"),
                printed,
                computed: judged.computed,
                verdict: judged.verdict,
            });
        }
    }
    Ok(out)
}

/// What was computed, the printed number, and the outcome.
type Checked = (String, String, Judged);

fn rate(figure: &Figure) -> Option<Checked> {
    let (value, denominator) = figure.value.zip(figure.denominator)?;
    let printed_rate = figure.printed_rate.as_deref()?;
    // A rate that cannot be read was refused on saving, or says something else than a rate.
    let printed = PrintedRate::parse(printed_rate).ok()?;
    let scaled = denominator.checked_mul(10_i64.checked_pow(u32::from(value.scale()))?)?;
    Some((
        format!("{}/{}", vi_dec(value), vi_int(denominator)),
        printed_rate.trim().to_owned(),
        judge_rate(value.units(), scaled, &printed),
    ))
}

fn sum(total: &Figure, parts: &[&Figure]) -> Option<Checked> {
    let period = |f: &Figure| (f.period_from, f.period_to);
    if parts.is_empty() || parts.iter().any(|part| period(part) != period(total)) {
        return None;
    }
    let value = total.value?;
    let values: Vec<Dec> = parts.iter().map(|p| p.value).collect::<Option<_>>()?;
    let scale = values
        .iter()
        .chain([&value])
        .map(|d| d.scale())
        .max()?
        .min(MAX_SCALE);
    let units = |d: &Dec| {
        d.units()
            .checked_mul(10_i64.checked_pow(u32::from(scale - d.scale()))?)
    };
    let scaled: Vec<i64> = values.iter().map(units).collect::<Option<_>>()?;
    let word = total.qualifier.unwrap_or(Qualifier::Exact);
    let rough = parts
        .iter()
        .any(|p| p.qualifier.is_some_and(|q| q != Qualifier::Exact));
    // Parts that are themselves only roughly known give no exact sum.
    let judged_by = if rough && word == Qualifier::Exact {
        Qualifier::About
    } else {
        word
    };
    let mut judged = judge_qualified_sum(units(&value)?, judged_by, &scaled);
    if let Some(sum) = judged
        .computed
        .parse()
        .ok()
        .and_then(|n| Dec::new(n, scale))
    {
        judged.computed = sum
            .to_int()
            .map_or_else(|| sum.to_string(), |n| n.to_string());
    }
    let terms: Vec<String> = values.iter().copied().map(vi_dec).collect();
    Some((terms.join(" + "), worded(word, value), judged))
}

/// A number with the word before it: «hơn 1.000».
fn worded(word: Qualifier, value: Dec) -> String {
    let label = catalog::figure::QUALIFIERS
        .iter()
        .find(|choice| choice.code == word.code())
        .filter(|_| word != Qualifier::Exact);
    match label {
        Some(choice) => format!("{} {}", choice.short.vi, vi_dec(value)),
        None => vi_dec(value),
    }
}

/// Body, indicator and period: «Bộ Công an (toàn ngành) · đơn đã xử lý, giải quyết · 01/01–31/05/2019».
fn title(cx: &Cx, names: &HashMap<String, String>, figure: &Figure) -> Result<String> {
    let body = match (&figure.reporter, &figure.unit) {
        (Some(reporter), _) => reporter.clone(),
        (None, Some(unit)) => {
            super::units::name(cx, unit.id, figure.period_to.unwrap_or_else(|| cx.today()))?
        }
        (None, None) => String::new(),
    };
    let code = figure.indicator.as_deref().unwrap_or_default();
    let indicator = names
        .get(code)
        .map_or_else(|| code.to_owned(), |name| lower_first(name));
    let span = match (figure.period_from, figure.period_to) {
        (Some(from), Some(to)) => span(from, to),
        _ => String::new(),
    };
    let title: Vec<String> = [body, indicator, span]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    Ok(title.join(" · "))
}

/// Names of indicators begin with a capital; an abbreviation keeps its own.
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

fn span(from: NaiveDate, to: NaiveDate) -> String {
    if from.year() == to.year() {
        format!("{:02}/{:02}–{}", from.day(), from.month(), vi(to))
    } else {
        format!("{}–{}", vi(from), vi(to))
    }
}
