//! Rows of a table of rates as JSON, each figure with the token that opens its rows.
use super::{DayStats, Figure, RateRow, RateTable};
use crate::domain::words::Lang;
use serde_json::{Map, Value as Json, json};

/// A count with its token.
#[must_use]
pub fn figure_json(figure: &Figure) -> Json {
    json!({"count": figure.count, "cell": figure.cell.token()})
}

/// The rate of a row; none where today's map cannot say it.
#[must_use]
pub fn rate_of(row: &RateRow, t: &RateTable) -> Option<String> {
    row.rate().filter(|_| t.rated(row))
}

/// Hundredths of a percent of a rate as printed.
fn hundredths(rate: &str) -> Option<i64> {
    rate.replace('.', "").parse().ok()
}

/// Points between the rate then and now, `-1.25`; none where one of them is missing or they cannot be compared.
#[must_use]
pub fn change(row: &RateRow) -> Option<String> {
    if row.barred.is_some() {
        return None;
    }
    let then = row.before.as_ref()?.rate()?;
    let points = hundredths(&row.rate()?)? - hundredths(&then)?;
    let sign = if points < 0 { "-" } else { "" };
    let size = points.abs();
    Some(format!("{sign}{}.{:02}", size / 100, size % 100))
}

fn days_json(days: &DayStats) -> Json {
    json!({"count": days.count, "median": days.median(), "p90": days.p90})
}

/// A row: its name, numerator, denominator, rate; days and the period beside it where they were asked for.
#[must_use]
pub fn row_json(row: &RateRow, t: &RateTable, lang: Lang) -> Map<String, Json> {
    let mut map = Map::new();
    map.insert("key".into(), row.key.clone().map_or(Json::Null, Json::from));
    map.insert("label".into(), row.label.get(lang).into());
    map.insert("numerator".into(), figure_json(&row.num));
    map.insert("denominator".into(), figure_json(&row.den));
    let rate = rate_of(row, t);
    map.insert("rate".into(), rate.map_or(Json::Null, Json::from));
    if let Some(days) = &row.days {
        map.insert("days".into(), days_json(days));
    }
    if let Some(reason) = &row.barred {
        map.insert("reason".into(), reason.get(lang).into());
    }
    if let Some(before) = &row.before {
        let then = json!({
            "numerator": figure_json(&before.num),
            "denominator": figure_json(&before.den),
            "rate": before.rate(),
        });
        map.insert("before".into(), then);
        map.insert("change".into(), change(row).map_or(Json::Null, Json::from));
    }
    map
}
