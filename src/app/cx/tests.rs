#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::app::calendar;
use crate::app::records::{self, NewRecord};
use crate::domain::calendar::DayKind;
use crate::domain::query::Query;
use crate::domain::record::Kind;
use crate::domain::value::Value;
use std::sync::mpsc::channel;

fn office(dir: &Path) -> Config {
    Config {
        db: dir.join("a.db"),
        today: Some("2026-03-12".parse().unwrap()),
        read_only: false,
        assume_fs: None,
        state_dir: dir.join("state"),
        actor: "lan".into(),
        demo: false,
    }
}

#[test]
fn what_was_changed_while_one_waited_to_write_holds() {
    let dir = tempfile::tempdir().unwrap();
    let config = office(dir.path());
    let mut waiting = Cx::create(&config).unwrap();
    let mut writing = waiting.reopen().unwrap();
    let (go, gone) = channel();
    let waits = std::thread::spawn(move || {
        gone.recv().unwrap();
        let days = waiting.write(|_, env, _| Ok(env.office.due_soon_days));
        days.unwrap()
    });
    let done: Result<()> = writing.store.write(|tx| {
        tx.set_setting("due_soon_days", "9")?;
        go.send(()).unwrap();
        // Whether the other comes to wait meanwhile or reads after it, it must see what holds then.
        (0..1000).for_each(|_| std::thread::yield_now());
        Ok(())
    });
    done.unwrap();
    assert_eq!(waits.join().unwrap(), 9);
}

#[test]
fn what_is_read_in_one_moment_is_of_one_moment_and_what_came_since_is_known() {
    let dir = tempfile::tempdir().unwrap();
    let config = office(dir.path());
    let mut own = Cx::create(&config).unwrap();
    let mut other = own.reopen().unwrap();
    let set = |cx: &mut Cx, days: &str| settings::set(cx, "due_soon_days", days).unwrap();
    let days = |cx: &Cx| cx.store.read().setting("due_soon_days").unwrap();
    let seen = own.moment();
    assert!(!own.wrote_since(seen) && own.wrote_since(None));
    assert!(other.wrote_since(seen), "it is another connection's moment");
    let before = days(&own);
    let (first, second) = own.in_one_moment(|cx| {
        let first = days(cx);
        set(&mut other, "9");
        (first, cx.in_one_moment(days))
    });
    assert_eq!((&first, &second), (&before, &before));
    assert_eq!(days(&own).as_deref(), Some("9"));
    assert!(own.wrote_since(seen));
    // What this connection writes itself counts as well, and a moment ends where it is left.
    let seen = own.moment();
    set(&mut own, "7");
    assert!(own.wrote_since(seen));
    let stopped = own.read_ahead(
        || true,
        |cx| assert!(records::list(cx, &Query::all(Kind::Unit), 0, None).is_err()),
    );
    stopped.unwrap();
    assert!(records::list(&own, &Query::all(Kind::Unit), 0, None).is_ok());
}

#[test]
fn what_was_read_ahead_is_given_once_and_only_while_nothing_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut cx = Cx::create(&office(dir.path())).unwrap();
    let mut other = cx.reopen().unwrap();
    let keep = |cx: &mut Cx| {
        let seen = cx.moment();
        cx.keep(seen, "answer".to_owned());
    };
    keep(&mut cx);
    assert_eq!(cx.kept::<String>().as_deref(), Some("answer"));
    assert_eq!(cx.kept::<String>(), None);
    keep(&mut cx);
    assert_eq!(cx.kept::<u8>(), None, "it is another answer");
    for (own, days) in [(true, "8"), (false, "9")] {
        keep(&mut cx);
        let writes = if own { &mut cx } else { &mut other };
        settings::set(writes, "due_soon_days", days).unwrap();
        assert_eq!(cx.kept::<String>(), None, "{own}");
    }
    let seen = other.moment();
    cx.keep(seen, "of another connection".to_owned());
    assert_eq!(cx.kept::<String>(), None);
}

#[test]
fn only_a_change_of_the_law_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let config = office(dir.path());
    drop(Cx::create(&config).unwrap());
    let (mut first, mut second) = (Cx::open(&config).unwrap(), Cx::open(&config).unwrap());
    let read = first.calendar.clone();
    let same = |cx: &Cx| Arc::ptr_eq(&cx.calendar, &read);
    let soon = |cx: &mut Cx| cx.write(|_, env, _| Ok(env.days.soon)).unwrap();
    let petition = NewRecord {
        fields: vec![
            ("received_on", Value::Date(second.today())),
            ("type", Value::Text("complaint".into())),
            ("subject", Value::Text("Đề nghị xem xét".into())),
        ],
        ..NewRecord::default()
    };
    records::add(&mut second, Kind::Petition, &[petition]).unwrap();
    let before = soon(&mut first);
    first.refresh().unwrap();
    assert!(same(&first));
    settings::set(&mut second, "due_soon_days", "9").unwrap();
    assert!(soon(&mut first) > before);
    assert!(!same(&first));
    assert_eq!(first.days().soon, soon(&mut first));
    calendar::set(
        &mut second,
        "2026-03-17".parse().unwrap(),
        Some(DayKind::Holiday),
        None,
    )
    .unwrap();
    let later = first.days().soon;
    first.refresh().unwrap();
    assert!(first.days().soon > later);
}
