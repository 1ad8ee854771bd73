//! The rules of deadlines: one line each, before and after a change of the law side by side; edited and added here.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::form::FormScreen;
use super::{Flow, Screen, Title, Ui, View, plain_state};
use crate::app::deadline_rules;
use crate::app::history::moment;
use crate::app::records::AuditRow;
use crate::catalog::rule::{RULE_FIELDS, label, rule_value, words};
use crate::catalog::show;
use crate::domain::date;
use crate::domain::deadline::{DayUnit, Rule};
use crate::tui::command::{Command, Scope, State};
use crate::tui::lang::t;
use crate::tui::modal::read::Read;
use crate::tui::widget::card::Item;
use crate::tui::widget::list::{Cell, Column, List, Row};
use crate::tui::widget::paint::{cut, lowest, put};

/// The rules.
pub struct RulesScreen {
    rules: Vec<Rule>,
    list: List<i64>,
}

impl RulesScreen {
    /// The rules; they come when it is shown.
    pub fn new(v: &View) -> RulesScreen {
        let columns = vec![
            Column::new(v.say(t("Hạn để", "Deadline to")), 36, 52, 0),
            Column::new(v.say(t("Lần, cấp", "Level")), 8, 22, 3),
            Column::new(v.say(t("Ngày", "Days")), 9, 9, 0),
            Column::new(v.say(t("Hiệu lực", "In force")), 21, 23, 1),
            Column::new(v.say(t("Căn cứ", "Source")), 10, 50, 2),
        ];
        RulesScreen {
            rules: Vec::new(),
            list: List::new(columns),
        }
    }

    /// Shows the rules as they are now, this one selected.
    pub(super) fn load(&self, wanted: Option<i64>, ui: &mut Ui) {
        ui.run(
            |cx| deadline_rules::list(cx),
            move |screen: &mut RulesScreen, rules, ui| {
                let row = |rule: &Rule| Row {
                    key: rule.id,
                    cells: cells(rule, &ui.view).map(Cell::from).to_vec(),
                };
                screen.list.set_rows(rules.iter().map(row).collect());
                screen.rules = rules;
                if let Some(id) = wanted {
                    screen.list.select(&id);
                }
                Flow::Stay
            },
        );
    }

    fn selected(&self) -> Option<&Rule> {
        let key = self.list.key()?;
        self.rules.iter().find(|rule| rule.id == *key)
    }

    fn card(&self, ui: &mut Ui) -> Flow {
        let Some(rule) = self.selected().cloned() else {
            return Flow::Stay;
        };
        let id = rule.id;
        ui.run(
            move |cx| deadline_rules::history(cx, id),
            move |_: &mut RulesScreen, rows, ui| match rows {
                Ok(rows) => {
                    let items = card_items(&rule, &rows, &ui.view);
                    Flow::Push(Box::new(Read::new(name(&rule, &ui.view), items)))
                }
                Err(error) => {
                    ui.warn(error.text(ui.view.lang));
                    Flow::Stay
                }
            },
        );
        Flow::Stay
    }
}

/// The span in which a rule holds: «01/07/2026 – …».
fn span(rule: &Rule) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "…".to_owned(), date::vi);
    match (rule.valid_from, rule.valid_to) {
        (None, None) => String::new(),
        (from, to) => format!("{}–{}", day(from), day(to)),
    }
}

/// What a rule is for: in words, or by the code that the office gave it.
fn name(rule: &Rule, v: &View) -> String {
    label(&rule.code).map_or_else(|| rule.code.clone(), |label| v.say(label).to_owned())
}

/// The conditions of a rule in words: «phức tạp, vùng sâu».
fn conditions(rule: &Rule, v: &View) -> Vec<String> {
    let set = |key: &str| {
        let field = RULE_FIELDS.iter().find(|field| field.key == key)?;
        let value = rule_value(rule, key);
        (value.text() != Some("any")).then(|| show::show(field, &value, v.lang))
    };
    ["complex", "remote"].into_iter().filter_map(set).collect()
}

fn cells(rule: &Rule, v: &View) -> [String; 5] {
    let unit = match rule.unit {
        DayUnit::Working => t("ng.làm", "work"),
        DayUnit::Calendar => t("ngày", "days"),
    };
    [
        std::iter::once(name(rule, v))
            .chain(conditions(rule, v))
            .collect::<Vec<_>>()
            .join(", "),
        words(&rule.level, v.lang).to_owned(),
        format!("{} {}", rule.amount, v.say(unit)),
        span(rule),
        rule.source.clone(),
    ]
}

fn card_items(rule: &Rule, history: &[AuditRow], v: &View) -> Vec<Item<()>> {
    let mut items: Vec<Item<()>> = RULE_FIELDS
        .iter()
        .map(|field| (field, rule_value(rule, field.key)))
        .filter(|(_, value)| !value.is_null())
        .map(|(field, value)| {
            let text = match (field.key, value.text()) {
                ("level" | "start_event", Some(code)) => words(code, v.lang).to_owned(),
                _ => show::show(field, &value, v.lang),
            };
            Item::Pair(v.say(field.label).to_owned(), text, Style::new())
        })
        .collect();
    if !history.is_empty() {
        items.push(Item::Blank);
        items.push(Item::Head(v.say(t("Đã sửa", "Changed")).to_owned()));
    }
    for row in history.iter().rev() {
        let key = row.change.field.as_deref().unwrap_or_default();
        let field = RULE_FIELDS.iter().find(|field| field.key == key);
        let label = field.map_or(key, |field| v.say(field.label));
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
        items.push(Item::Text(
            format!(
                "{}  {}  {label}: {} → {}",
                moment(&row.at),
                row.who,
                text(&row.change.before),
                text(&row.change.after)
            ),
            Style::new(),
        ));
    }
    items
}

/// How many lines spell out the selected rule, with the air above them.
const FOOT: u16 = 3;

impl Screen for RulesScreen {
    fn state(&self, v: &View) -> State {
        State {
            row: self.selected().is_some(),
            register: true,
            ..plain_state(Scope::Setup, v)
        }
    }

    fn title(&self, v: &View) -> Title {
        Title {
            name: v
                .say(t("Quy định về thời hạn", "Deadline rules"))
                .to_owned(),
            about: Vec::new(),
            count: self.rules.len().to_string(),
        }
    }

    fn read(&mut self, ui: &mut Ui) -> bool {
        self.load(None, ui);
        true
    }

    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow {
        match c {
            Command::Open | Command::History => self.card(ui),
            Command::Add => Flow::Push(Box::new(FormScreen::rule(None, &ui.view))),
            Command::Edit => match self.selected() {
                Some(rule) => Flow::Push(Box::new(FormScreen::rule(Some(rule), &ui.view))),
                None => Flow::Stay,
            },
            Command::Rules => Flow::Stay,
            _ if self.list.command(c) => Flow::Stay,
            _ => Flow::Pass,
        }
    }

    fn follows(&self, body: Rect) -> Option<Rect> {
        Some(lowest(body, FOOT))
    }

    //   Hạn để                          Lần, cấp  Ngày      Hiệu lực               Căn cứ
    //   thụ lý hay từ chối khiếu nại    mọi lần   10 ngày   …–30/06/2026           LKN Đ27
    // > thụ lý hay từ chối khiếu nại    mọi lần   7 ng.làm  01/07/2026–…           NĐ 155/2026 Đ10
    //
    //  KN_ACCEPT · hạn cuối 7 ngày làm việc từ ngày nhận
    //  NĐ 155/2026 Đ10
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        let body = Rect {
            height: area.height - lowest(area, FOOT).height,
            ..area
        };
        self.list.view(f, body, v, true);
        let Some(rule) = self.selected() else {
            return;
        };
        let shown = |key: &str| {
            let field = RULE_FIELDS.iter().find(|field| field.key == key);
            field.map_or_else(String::new, |field| {
                show::show(field, &rule_value(rule, key), v.lang)
            })
        };
        let dot = v.theme.dot();
        let mut first = format!(
            "{}{dot}{} {} {} {} {}",
            rule.code,
            shown("kind"),
            rule.amount,
            shown("unit"),
            v.say(t("từ", "from")),
            words(&rule.start_event, v.lang),
        );
        for condition in conditions(rule, v) {
            first.push_str(&format!("{dot}{condition}"));
        }
        let room = area.width.saturating_sub(2);
        for (line, text) in [(2, &first), (1, &rule.source)] {
            let y = area.height.saturating_sub(line);
            put(f, area, 1, y, &cut(text, room, v.theme), v.theme.dim());
        }
    }
}
