//! What `doctor` says of a large work that is not done.
use super::doctor::{Finding, RESTORE, bad, both, good};
use crate::app::held::is_held;
use crate::app::history::moment;
use crate::app::{Cx, Result, long};
use crate::domain::number::vi_int;
use crate::domain::words::{Msg, t};
use crate::store::{Store, Task, Work, side};

const CODE: &str = "long_work";

/// A large import or undo that is under way, that was left, or that nobody can go on with.
pub(super) fn unfinished(store: &Store) -> Finding {
    let unread = match long::unreadable(store.read()) {
        Ok(unread) => unread,
        Err(e) => return bad(CODE, both(&e), RESTORE.into()),
    };
    if let Some(what) = unread {
        return unreadable(&what);
    }
    match store.read().work() {
        Ok(None) => good(
            CODE,
            t(
                "Không việc lớn nào làm dở",
                "No large work is left unfinished",
            )
            .into(),
        ),
        Ok(Some(work)) => one(&work, is_held(&side::place(store.path()).join("work"))),
        Err(e) => bad(CODE, both(&e.into()), RESTORE.into()),
    }
}

fn unreadable(what: &str) -> Finding {
    bad(
        CODE,
        Msg::new(
            format!("Không đọc được việc lớn làm dở ({what})"),
            format!("A large work that was left cannot be read ({what})"),
        ),
        t(
            "Nâng cấp chương trình rồi mở lại; nếu vẫn vậy, bỏ nó (điều đã ghi giữ nguyên, dòng còn chờ thì bỏ): danvan doctor --settle",
            "Upgrade the program and open the file again; if it stays so, give it up (what is written stays, rows that wait are dropped): danvan doctor --settle",
        )
        .into(),
    )
}

/// Gives up a large work that nobody can go on with; how many of its rows waited to be written, none where there is no
/// such work.
///
/// # Errors
/// Somebody is at a large work, or a failure of the database.
pub fn settle(cx: &mut Cx) -> Result<Option<usize>> {
    long::give_up(cx)
}

fn one(work: &Work, held: bool) -> Finding {
    let (vi, en) = match work.task {
        Task::Import => ("nhập", "import of"),
        Task::TakeBack => ("lấy lại", "taking back of"),
    };
    let all = vi_int(i64::try_from(work.all).unwrap_or(i64::MAX));
    let (who, at) = (&work.who, moment(&work.at));
    let what = Msg::new(
        format!("{vi} {all} bản ghi, của {who}, từ {at}"),
        format!("{en} {all} records, by {who}, since {at}"),
    );
    if held {
        return good(
            CODE,
            Msg::new(
                format!("Đang làm: {}", what.vi),
                format!("Under way: {}", what.en),
            ),
        );
    }
    bad(
        CODE,
        Msg::new(
            format!("Việc lớn bỏ dở: {}", what.vi),
            format!("A large work was left: {}", what.en),
        ),
        t(
            "Mở tệp một lần (danvan, hay lệnh nào không kèm --read-only): chương trình tự làm nốt, hoặc bỏ nếu chưa quyết ghi",
            "Open the file once (danvan, or any command without --read-only): the program ends it, or forgets what was not decided",
        )
        .into(),
    )
}
