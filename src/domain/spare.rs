//! The memory of texts that are not needed any more, for those that come. What one thread makes and another drops costs
//! both of them more than all that is done with it: it goes back instead.

/// Letters of a text that may keep its memory, and texts that may.
const ROOM: usize = 256;
const MOST: usize = 1 << 15;

/// Such memory; nothing of what stood in it is kept.
#[derive(Debug, Default)]
pub struct Texts(Vec<String>);

impl Texts {
    /// Takes the memory of a text.
    pub fn keep(&mut self, mut text: String) {
        if text.capacity() <= ROOM && self.0.len() < MOST {
            text.clear();
            self.0.push(text);
        }
    }

    /// An empty text, in the memory that came last.
    #[must_use]
    pub fn empty(&mut self) -> String {
        self.0.pop().unwrap_or_default()
    }

    /// A copy of a text.
    #[must_use]
    pub fn copy(&mut self, text: &str) -> String {
        match self.0.pop() {
            Some(mut own) => {
                own.push_str(text);
                own
            }
            None => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_and_nothing_of_what_stood_there_does() {
        let mut texts = Texts::default();
        texts.keep("x".repeat(ROOM + 1));
        assert_eq!(texts.0.len(), 0);
        texts.keep("Đường hư".to_owned());
        assert_eq!(texts.empty(), "");
        texts.keep("Đường hư".to_owned());
        assert_eq!(texts.copy("Đèn"), "Đèn");
        assert_eq!(texts.copy("Cầu"), "Cầu");
        for _ in 0..MOST * 2 {
            texts.keep(String::new());
        }
        assert_eq!(texts.0.len(), MOST);
    }
}
