//! What is left of large works whose program has gone: words that find has not learnt, and works that cannot be read.
use super::{Msg, ROWS};
use crate::app::{Cx, Error, Result, secrecy};
use crate::domain::number::vi_int;
use crate::store::{Db, StoreError, Task};

/// Parts of a whole after each of which it is told how far a work is.
const PARTS: usize = 10;

/// Lets find learn what a program that was killed had written and not indexed yet; `tell` hears how far it is.
///
/// # Errors
/// A failure of the database; the next opening tries again.
pub(in crate::app) fn find_rest(cx: &mut Cx, tell: &mut dyn FnMut(&Msg)) -> Result<()> {
    let mut told = None;
    cx.store.catch_up_alone(&mut |done, all| {
        let part = (done * PARTS).checked_div(all);
        if part == told {
            return;
        }
        told = part;
        let [done, all] = [done, all].map(|n| vi_int(i64::try_from(n).unwrap_or(i64::MAX)));
        tell(&Msg::new(
            format!("Đang lập nốt chỉ mục tìm kiếm mà lần trước bỏ dở: {done}/{all} bản ghi (Ctrl+C: để lần sau)"),
            format!("Ending the search index that was left: {done}/{all} records (Ctrl+C: leave it for the next time)"),
        ));
    })?;
    Ok(())
}

/// Why nobody can go on with the work that is not done; none where somebody can, or where there is none.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn unreadable(db: Db) -> Result<Option<String>> {
    let work = match db.work() {
        Ok(Some(work)) => work,
        Ok(None) => return Ok(None),
        Err(StoreError::Damaged(what)) => return Ok(Some(what)),
        Err(error) => return Err(error.into()),
    };
    Ok(match work.task {
        Task::Import if work.register().is_none() => Some(format!("register «{}»", work.kind)),
        Task::TakeBack if db.operation(work.of)?.is_none() => {
            Some(format!("operation {}", work.of))
        }
        _ => None,
    })
}

/// What is said when a work that cannot be read is in the way.
pub(super) fn not_read(what: &str) -> Error {
    Error::BadFile(Msg::new(
        format!(
            "Một việc lớn làm dở không đọc được ({what}). Nâng cấp chương trình rồi thử lại; nếu vẫn vậy, bỏ nó: «danvan doctor --settle»."
        ),
        format!(
            "A large work that was left cannot be read ({what}). Upgrade the program and try again; if it stays so, give it up: \"danvan doctor --settle\"."
        ),
    ))
}

/// Gives up a work that nobody can read: what of it is written stays, rows that wait are forgotten, and the file is
/// cleaned, since some of it may have been wiped for the sake of who brought a denunciation. How many rows waited; none
/// where there is no such work.
///
/// # Errors
/// Somebody is at a work, or a failure of the database: what is left then can be given up again.
pub(in crate::app) fn give_up(cx: &mut Cx) -> Result<Option<usize>> {
    let alone = cx.store.at_work()?;
    if unreadable(cx.store.read())?.is_none() {
        return Ok(None);
    }
    let Some(_alone) = alone else {
        return Err(super::another());
    };
    let waited = cx.store.read().waiting()?;
    while cx.write_now(|tx, _, _| Ok(tx.drop_incoming(ROWS)?))? {}
    secrecy::clean_file(cx)?;
    cx.write_now(|tx, _, _| Ok(tx.forget_work()?))?;
    Ok(Some(waited))
}
