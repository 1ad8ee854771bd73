//! The two languages of the screen; a word stands in both where it is used.

/// The language of labels and messages (`--lang`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Vietnamese, the default.
    #[default]
    Vi,
    /// English.
    En,
}

/// One label or message in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Vietnamese.
    pub vi: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// A text from its Vietnamese and its English form.
    pub const fn new(vi: &'static str, en: &'static str) -> Text {
        Text { vi, en }
    }

    /// The form in `lang`.
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => self.vi,
            Lang::En => self.en,
        }
    }
}

/// Short for [`Text::new`].
pub const fn t(vi: &'static str, en: &'static str) -> Text {
    Text::new(vi, en)
}
