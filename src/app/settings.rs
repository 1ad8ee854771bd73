//! Settings of the office: what it is, how it counts; each change is written into the history.
use super::{Cx, Error, Problem, Result, petitions, rules};
use crate::domain::fold::fold;
use crate::domain::petition::Profile;
use crate::domain::value::Code;
use crate::domain::words::{Msg, Text, t};
use crate::store::{Action, Change, Db};

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingType {
    /// Code of a unit.
    Unit,
    /// One of these codes.
    Choice(&'static [(&'static str, Text)]),
    /// On or off.
    Switch,
    /// A whole number within these bounds.
    Number(i64, i64),
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Stable key.
    pub key: &'static str,
    /// What it is called.
    pub label: Text,
    /// One line of help.
    pub help: Text,
    /// What it holds.
    pub ty: SettingType,
    /// Its value while nobody has set it; empty for none.
    pub default: &'static str,
    /// True when deadlines follow from it.
    moves_deadlines: bool,
}

impl Setting {
    /// Its value while nobody has set it.
    fn value(&self) -> Option<String> {
        (!self.default.is_empty()).then(|| self.default.to_owned())
    }
}

const PROFILES: &[(&str, Text)] = &[
    (
        "party",
        t(
            "cơ quan Đảng: chuyển, theo dõi, đôn đốc",
            "Party body: forwards, follows, urges",
        ),
    ),
    (
        "administrative",
        t(
            "cơ quan hành chính: thụ lý, giải quyết",
            "administrative body: accepts, resolves",
        ),
    ),
];

const TONE_STYLES: &[(&str, Text)] = &[
    ("old", t("kiểu cũ: hòa, khỏe, thủy", "old: hòa, khỏe, thủy")),
    (
        "new",
        t("kiểu mới: hoà, khoẻ, thuỷ", "new: hoà, khoẻ, thuỷ"),
    ),
];

/// Every setting of the office.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "own_unit",
        label: t("Đơn vị của cơ quan", "Own unit"),
        help: t("mã đơn vị của cơ quan này", "code of the office's own unit"),
        ty: SettingType::Unit,
        default: "",
        moves_deadlines: false,
    },
    Setting {
        key: "profile",
        label: t("Loại cơ quan", "Profile"),
        help: t(
            "cơ quan Đảng không thụ lý, giải quyết khiếu nại, tố cáo",
            "a Party body does not accept or resolve complaints and denunciations",
        ),
        ty: SettingType::Choice(PROFILES),
        default: "administrative",
        moves_deadlines: false,
    },
    Setting {
        key: "roll_over",
        label: t("Hạn rơi vào ngày nghỉ thì lùi", "Roll over days off"),
        help: t(
            "hạn theo ngày lịch kết thúc vào ngày nghỉ thì sang ngày làm việc kế tiếp (BLDS Đ148.5)",
            "a calendar deadline that ends on a day off moves to the next working day (Civil Code Art. 148.5)",
        ),
        ty: SettingType::Switch,
        default: "true",
        moves_deadlines: true,
    },
    Setting {
        key: "due_soon_days",
        label: t(
            "Sắp đến hạn trước (ngày làm việc)",
            "Due soon before (working days)",
        ),
        help: t(
            "từ bao nhiêu ngày làm việc trước hạn thì báo sắp đến hạn",
            "how many working days before its deadline a matter is due soon",
        ),
        ty: SettingType::Number(0, 60),
        default: "5",
        moves_deadlines: false,
    },
    Setting {
        key: "withdrawn_counts",
        label: t(
            "Rút đơn tính là đã giải quyết",
            "Withdrawn counts as resolved",
        ),
        help: t(
            "rút toàn bộ và đình chỉ tính vào tử số tỷ lệ giải quyết (mẫu 01/KQGQ)",
            "whole withdrawal and termination count in the numerator of the resolution rate",
        ),
        ty: SettingType::Switch,
        default: "true",
        moves_deadlines: false,
    },
    Setting {
        key: super::typing::STYLE,
        label: t("Dấu thanh của oa, oe, uy", "Tone of oa, oe, uy"),
        help: t(
            "bộ gõ tiếng Việt (Ctrl-T) đặt dấu thanh ở đâu khi không có chữ cuối",
            "where the typing aid (Ctrl-T) puts the tone of an open syllable",
        ),
        ty: SettingType::Choice(TONE_STYLES),
        default: "old",
        moves_deadlines: false,
    },
    Setting {
        key: "daily_backup",
        label: t("Sao lưu mỗi ngày", "Daily backup"),
        help: t(
            "lần mở đầu tiên trong ngày chép cả tệp vào thư mục backups bên cạnh; giữ 7 ngày, 5 tuần, 12 tháng, mỗi năm một bản",
            "the first start of a day copies the file into the folder backups beside it; 7 days, 5 weeks, 12 months and one a year are kept",
        ),
        ty: SettingType::Switch,
        default: "true",
        moves_deadlines: false,
    },
];

/// The settings that rules are judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Office {
    /// What the office may do.
    pub profile: Profile,
    /// Calendar deadlines that end on a day off move to the next working day.
    pub roll_over: bool,
    /// Working days before a deadline from which it is due soon.
    pub due_soon_days: i64,
    /// Whole withdrawal and termination count as resolved in the resolution rate.
    pub withdrawn_counts: bool,
}

impl Office {
    /// Reads the settings; what was never set has its default.
    pub(super) fn load(db: Db) -> Result<Self> {
        let text = |key: &str| -> Result<String> {
            let default = setting(key).map_or("", |s| s.default);
            Ok(db.setting(key)?.unwrap_or_else(|| default.to_owned()))
        };
        Ok(Self {
            profile: Profile::from_code(&text("profile")?).unwrap_or(Profile::Administrative),
            roll_over: text("roll_over")? != "false",
            due_soon_days: text("due_soon_days")?
                .parse()
                .unwrap_or(super::cx::DUE_SOON_DAYS),
            withdrawn_counts: text("withdrawn_counts")? != "false",
        })
    }
}

/// The setting of a key.
#[must_use]
pub fn setting(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|s| s.key == key)
}

/// As [`setting`], for a key that somebody typed.
///
/// # Errors
/// A key that there is not, with those there are.
pub fn known(key: &str) -> Result<&'static Setting> {
    setting(key).ok_or_else(|| {
        let keys: Vec<&str> = SETTINGS.iter().map(|s| s.key).collect();
        let keys = keys.join(", ");
        Error::Usage(Msg::new(
            format!("không có thiết lập «{key}»; có: {keys}"),
            format!("no setting \"{key}\"; there are: {keys}"),
        ))
    })
}

/// The value of a setting as stored, or its default; none when it has neither.
///
/// # Errors
/// An unknown key, or a failure of the database.
pub fn get(cx: &Cx, key: &str) -> Result<Option<String>> {
    let setting = known(key)?;
    let stored = cx.store.read().setting(key)?;
    Ok(stored.or_else(|| setting.value()))
}

/// Every setting with its value.
///
/// # Errors
/// A failure of the database.
pub fn all(cx: &Cx) -> Result<Vec<(&'static Setting, Option<String>)>> {
    SETTINGS
        .iter()
        .map(|setting| Ok((setting, get(cx, setting.key)?)))
        .collect()
}

/// Sets a setting; deadlines that follow from it are counted anew in the same transaction.
///
/// # Errors
/// An unknown key, a value that does not fit, or a failure of the database.
pub fn set(cx: &mut Cx, key: &str, value: &str) -> Result<()> {
    let setting = known(key)?;
    let value = checked(cx, setting, value.trim()).map_err(|msg| {
        Error::Refused(vec![Problem {
            row: None,
            field: Some(setting.key),
            label: setting.label.into(),
            msg,
        }])
    })?;
    cx.refresh()?;
    let mut env = rules::Env::of(cx);
    let (actor, at) = (cx.actor().to_owned(), cx.stamp());
    cx.store.write(|tx| {
        let before = tx.read().setting(key)?.or_else(|| setting.value());
        if before.as_deref() == Some(&value) {
            return Ok(());
        }
        let change = Change {
            field: Some(key.to_owned()),
            before,
            after: Some(value.clone()),
        };
        tx.set_setting(key, &value)?;
        tx.audit_other((&actor, &at), ("setting", 0), Action::Edit, &change, None)?;
        if setting.moves_deadlines {
            env.reload(tx.read())?;
            petitions::resettle(tx, &env, None)?;
        }
        Ok::<_, Error>(())
    })?;
    cx.reload()
}

fn checked(cx: &Cx, setting: &Setting, value: &str) -> std::result::Result<String, Msg> {
    match setting.ty {
        SettingType::Unit => match super::units::scope(cx, value) {
            Ok(_) => Ok(value.to_owned()),
            Err(e) => {
                use crate::domain::words::Lang;
                Err(Msg::new(e.text(Lang::Vi), e.text(Lang::En)))
            }
        },
        SettingType::Choice(choices) => choices
            .iter()
            .find(|(code, label)| *code == value || fold(label.vi) == fold(value))
            .map(|(code, _)| (*code).to_owned())
            .ok_or_else(|| {
                let codes: Vec<&str> = choices.iter().map(|(code, _)| *code).collect();
                let codes = codes.join(", ");
                Msg::new(
                    format!("«{value}» không đúng; là một trong: {codes}"),
                    format!("\"{value}\" is wrong; one of: {codes}"),
                )
            }),
        SettingType::Switch => match fold(value).as_str() {
            "true" | "on" | "yes" | "1" | "co" | "bat" => Ok("true".to_owned()),
            "false" | "off" | "no" | "0" | "khong" | "tat" => Ok("false".to_owned()),
            _ => Err(Msg::new(
                format!("«{value}» không đúng; là có (true) hoặc không (false)"),
                format!("\"{value}\" is wrong; true or false"),
            )),
        },
        SettingType::Number(min, max) => match value.parse::<i64>() {
            Ok(n) if (min..=max).contains(&n) => Ok(n.to_string()),
            _ => Err(Msg::new(
                format!("«{value}» không đúng; là số từ {min} đến {max}"),
                format!("\"{value}\" is wrong; a number from {min} to {max}"),
            )),
        },
    }
}
