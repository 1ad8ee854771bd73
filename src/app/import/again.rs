//! What a row tells of the course of a petition that stands in the register already.
use super::Trouble;
use super::course::{Course, Stated, petition, rule_of, same, trouble};
use super::ending::told_of;
use super::judge::Judge;
use super::packed::{pack, unpack};
use super::told::Told;
use crate::app::Result;
use crate::app::petitions::{follow, so_far};
use crate::catalog;
use crate::catalog::carried::STEPS;
use crate::domain::date;
use crate::domain::petition::{State, Step, StepKind};
use crate::domain::record::Kind;
use crate::domain::sheet::InRow;
use crate::domain::value::Value;
use crate::domain::words::{Msg, t};

impl Judge<'_> {
    /// The steps that a petition which is there does not have yet, packed.
    ///
    /// # Errors
    /// A failure of the database.
    pub(super) fn more_course(
        &mut self,
        id: i64,
        course: &Course,
        row: &InRow,
        (troubles, notes): (&mut Vec<Trouble>, &mut Vec<Trouble>),
    ) -> Result<Option<Value>> {
        let before = self.db.get(Kind::Petition, id)?;
        let Some(own) = before.as_deref().and_then(petition) else {
            return Ok(None);
        };
        let (done, state) = so_far(self.db, &own)?;
        let more = match &course.stated {
            Stated::Book(told) => {
                notes.extend(self.otherwise(course, row, (&done, &state)));
                if state.closed_on.is_some() {
                    return Ok(None);
                }
                let (more, ending) = self.decide(row, told, (&own, &state), troubles)?;
                if more.is_some() || ending.lacks {
                    notes.extend(told_of(&ending, row));
                    self.ended.push(ending);
                }
                more
            }
            Stated::Steps(steps) => {
                let known = steps.iter().zip(&done).all(|(a, b)| same(a, b));
                if !known {
                    let rule = t(
                        "các bước trong tệp khác các bước đã ghi trong sổ; bỏ cột «Các bước» hoặc sửa trong chương trình",
                        "the steps in the file differ from those in the register; leave the column out or mend them in the program",
                    );
                    troubles.push(trouble(row, &[STEPS], rule.into()));
                    return Ok(None);
                }
                let rest: Vec<Step> = steps.iter().skip(done.len()).cloned().collect();
                let kinds: Vec<StepKind> = rest.iter().filter_map(|s| s.kind).collect();
                match follow(self.db, self.env, (own, state), rest)? {
                    Ok(more) => Some(more),
                    Err(misstep) => {
                        troubles.push(trouble(row, &[STEPS], rule_of(&misstep, &kinds)));
                        None
                    }
                }
            }
        };
        let packed = more.and_then(|more| pack(&more.steps, &more.kept));
        Ok(packed.map(Value::Text))
    }

    /// That a row tells of a step otherwise than the register has it: the steps there stay, and nobody may think that
    /// they followed.
    fn otherwise(
        &self,
        course: &Course,
        row: &InRow,
        (done, state): (&[Step], &State),
    ) -> Option<Trouble> {
        let said = unpack(course.packed.as_deref()?, self.env.today).0;
        let ending = &course.ending;
        // What the book does not tell itself is nothing to hold against the register.
        let own = said.iter().filter(|step| match step.kind {
            Some(StepKind::Accept) => !ending.assumed,
            _ => !(ending.filed || ending.kept),
        });
        let alike = |a: &Step, b: &Step| {
            let to = |step: &Step| step.to.as_ref().map(|unit| unit.id);
            (a.kind, a.on, a.outcome, to(a), &a.document)
                == (b.kind, b.on, b.outcome, to(b), &b.document)
        };
        let step = own.into_iter().find(|step| {
            let known = done.iter().any(|there| alike(there, step));
            let denied = done.iter().any(|there| there.kind == step.kind);
            !known && (denied || state.closed_on.is_some())
        })?;
        let label = catalog::step::label(step.kind?);
        let on = step.on.map_or_else(String::new, date::vi);
        let rule = Msg::new(
            format!(
                "trong sổ đơn đã có bước khác; dòng này ghi «{}» ngày {on}: bước trong sổ giữ nguyên, muốn đổi thì lấy lại bước cuối rồi nhập lại",
                label.vi
            ),
            format!(
                "the register has another step; this row says \"{}\" on {on}: the step stays; to change it take the last step back and import again",
                label.en
            ),
        );
        Some(trouble(row, Told::KEYS, rule))
    }
}
