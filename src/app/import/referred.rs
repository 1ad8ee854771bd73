//! The records that were there and that rows of a file point to: what others do to these meanwhile, the rows stand on.
use super::inside::Inside;
use super::packed;
use super::value::Fields;
use crate::catalog::{self, Type, carried::STEPS};
use crate::domain::record::Kind;
use crate::domain::value::Value;
use std::collections::HashSet;

/// Records that are kept apart; of more every record counts as pointed to.
const KEPT: usize = 200_000;

/// What the rows of one file point to.
#[derive(Debug, Default)]
pub(super) struct Referred {
    known: HashSet<(Kind, i64)>,
    more: bool,
}

impl Referred {
    /// Takes what one row points to.
    pub(super) fn put(&mut self, kind: Kind, fields: &Fields, inside: &Inside) {
        let opinions = inside.iter().map(|(_, fields)| (Kind::Opinion, fields));
        for (kind, fields) in opinions.chain([(kind, fields)]) {
            for of in pointed(kind, fields) {
                self.more |= self.known.len() >= KEPT && !self.known.contains(&of);
                if !self.more {
                    self.known.insert(of);
                }
            }
        }
    }

    /// Whether a row points to a record, or may.
    pub(super) fn has(&self, of: (Kind, i64)) -> bool {
        self.more || self.known.contains(&of)
    }
}

/// The records that fields of a row point to, those of its steps among them.
pub(super) fn pointed(kind: Kind, fields: &Fields) -> Vec<(Kind, i64)> {
    let mut all = Vec::new();
    for (key, value) in fields {
        match value {
            Value::Ref(id) if *id > 0 => {
                if let Some(Type::Ref(of)) = catalog::field(kind, key).map(|f| f.ty) {
                    all.push((of, *id));
                }
            }
            Value::Text(text) if *key == STEPS => {
                all.extend(
                    packed::leads(text)
                        .into_iter()
                        .map(|id| (Kind::Petition, id)),
                );
            }
            _ => {}
        }
    }
    all
}
