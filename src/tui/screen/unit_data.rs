//! What is said of a unit beside its fields: what became of it, what it was made of, what stands under it.

use chrono::NaiveDate;
use ratatui::style::Style;

use super::View;
use super::card_data::Link;
use super::rows::capped;
use crate::app::units::{self, Counted};
use crate::app::{Cx, Result};
use crate::domain::date;
use crate::domain::record::Kind;
use crate::domain::unit::{Succession, SuccessionKind};
use crate::tui::lang::{Text, t};
use crate::tui::widget::card::Item;

/// Two lines on a unit: what became of it, and its counts.
///
/// # Errors
/// A failure of the database.
pub fn detail(cx: &Cx, id: i64, on: NaiveDate, v: &View) -> Result<Vec<String>> {
    let fate = units::fate(cx, id)?;
    let counts = units::counts(cx, id)?;
    let mut first = Vec::new();
    if !fate.successors.is_empty() {
        let names: Vec<&str> = fate
            .successors
            .iter()
            .take(3)
            .map(|s| s.name.as_str())
            .collect();
        let more = if fate.successors.len() > names.len() {
            ", …"
        } else {
            ""
        };
        let how = if fate.through_children {
            t("địa bàn nay thuộc", "its area is now in")
        } else {
            t("nay thuộc", "now in")
        };
        first.push(format!("{} {}{more}", v.say(how), names.join(", ")));
    }
    if !fate.origins.is_empty() {
        let names: Vec<&str> = fate
            .origins
            .iter()
            .take(3)
            .map(|s| s.name.as_str())
            .collect();
        let more = if fate.origins.len() > names.len() {
            ", …"
        } else {
            ""
        };
        first.push(format!(
            "{} {}{more}",
            v.say(t("lập từ", "made of")),
            names.join(", ")
        ));
    }
    if let Some(past) = fate.past.iter().rfind(|past| past.until < on) {
        first.push(format!(
            "{} {}",
            v.say(t("trước là", "formerly")),
            past.name
        ));
    }
    let n = |count: usize| capped(count, v.lang);
    let second = format!(
        "{} {} · {} {} · {} {} ({} {}, {} {}) · {} {}",
        v.say(t("mô hình", "models")),
        n(counts.models),
        v.say(t("đối thoại", "dialogues")),
        n(counts.dialogues),
        v.say(t("đơn", "petitions")),
        n(counts.petitions),
        v.say(t("đang giải quyết", "open")),
        n(counts.open),
        v.say(t("quá hạn", "late")),
        n(counts.late),
        v.say(t("tiếp dân", "receptions")),
        n(counts.receptions),
    );
    Ok(vec![first.join(" · "), second])
}

/// What the card of a unit has beside its fields: what became of it, what it was made of, and its counts.
///
/// # Errors
/// A failure of the database.
pub fn unit_items(cx: &Cx, id: i64, v: &View) -> Result<Vec<Item<Link>>> {
    let (fate, counts) = (units::fate(cx, id)?, units::counts(cx, id)?);
    let name = units::name(cx, id, cx.today())?;
    let mut items = Vec::new();
    let head = |text: Text, items: &mut Vec<Item<Link>>| {
        items.push(Item::Blank);
        items.push(Item::Head(v.say(text).to_owned()));
    };
    head(
        t(
            "Trong các sổ, kể cả cấp dưới",
            "In the registers, with all below",
        ),
        &mut items,
    );
    let counted = [
        (Counted::Models, t("Mô hình", "Models"), counts.models),
        (
            Counted::Dialogues,
            t("Đối thoại", "Dialogues"),
            counts.dialogues,
        ),
        (
            Counted::Petitions,
            t("Đơn thư", "Petitions"),
            counts.petitions,
        ),
        (Counted::Open, t("  đang giải quyết", "  open"), counts.open),
        (Counted::Late, t("  quá hạn", "  late"), counts.late),
        (
            Counted::Receptions,
            t("Tiếp dân", "Receptions"),
            counts.receptions,
        ),
    ];
    for (what, label, count) in counted {
        let label = v.say(label).to_owned();
        let mut about = vec![format!("{name} {}", v.say(t("và cấp dưới", "and below")))];
        if matches!(what, Counted::Open | Counted::Late) {
            about.push(label.trim().to_owned());
        }
        let text = format!("{:>9}", capped(count, v.lang));
        items.push(Item::PairLink(label, text, Link::Counted(what, about)));
    }
    if !fate.successors.is_empty() {
        let title = if fate.through_children {
            t("Địa bàn nay thuộc", "Its area is now in")
        } else {
            t("Nay thuộc", "Now in")
        };
        head(title, &mut items);
        items.extend(fate.successors.iter().map(|s| succession(s, v)));
    }
    if !fate.origins.is_empty() {
        head(t("Lập từ", "Made of"), &mut items);
        items.extend(fate.origins.iter().map(|s| succession(s, v)));
    }
    if !fate.past.is_empty() {
        head(t("Tên trước đây", "Earlier names"), &mut items);
        for past in &fate.past {
            let basis = past
                .legal_basis
                .clone()
                .map_or_else(String::new, |basis| format!(", {basis}"));
            let until = v.say(t("đến", "until"));
            items.push(Item::Text(
                format!("{} ({until} {}{basis})", past.name, date::vi(past.until)),
                Style::new(),
            ));
        }
    }
    Ok(items)
}

fn succession(s: &Succession, v: &View) -> Item<Link> {
    let how = match s.kind {
        SuccessionKind::Whole => t("toàn bộ", "whole"),
        SuccessionKind::Part => t("một phần", "part"),
    };
    let text = format!("{} {} ({})", s.code, s.name, v.say(how));
    Item::Link(text, Link::Record(Kind::Unit, s.id))
}
