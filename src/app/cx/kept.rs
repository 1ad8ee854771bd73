//! An answer that was read before anybody asked.
use super::{Cx, Moment};
use std::any::Any;

/// An answer and the moment that all of it was read after.
#[derive(Debug)]
pub(super) struct Kept(Moment, Box<dyn Any + Send>);

impl Cx {
    /// Keeps an answer for who may ask soon, in the place of the one kept before; `seen` is the moment of this connection
    /// that all of it was read after.
    pub fn keep(&mut self, seen: Option<Moment>, answer: impl Any + Send) {
        self.kept = seen.map(|seen| Kept(seen, Box::new(answer)));
    }

    /// Gives the answer of this type that is kept, once; none where something was written since.
    pub fn kept<T: Any>(&mut self) -> Option<T> {
        // Where it cannot be known what was written, it is kept for who asks again.
        let now = self.moment()?;
        let Kept(seen, answer) = self.kept.take()?;
        let answer = answer.downcast().ok().filter(|_| seen == now)?;
        Some(*answer)
    }
}
