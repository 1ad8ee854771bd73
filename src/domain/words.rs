//! Words in both languages, kept in the row they label.

/// Language of screens, help and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Vietnamese, the default.
    #[default]
    Vi,
    /// English, by `--lang en`.
    En,
}

/// A fixed label in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// Vietnamese.
    pub vi: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// The label in `lang`.
    #[must_use]
    pub fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => self.vi,
            Lang::En => self.en,
        }
    }
}

/// Shorthand for a [`Text`] in tables.
#[must_use]
pub const fn t(vi: &'static str, en: &'static str) -> Text {
    Text { vi, en }
}

/// A message made at run time, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Msg {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Msg {
    /// Makes a message from both wordings.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            vi: vi.into(),
            en: en.into(),
        }
    }

    /// The message in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }
}

impl From<Text> for Msg {
    fn from(text: Text) -> Self {
        Self::new(text.vi, text.en)
    }
}
