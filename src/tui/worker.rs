//! The threads that do the jobs, each on a connection of its own, so that no SQL runs where keys are read. What takes
//! long gets a thread for itself as long as it takes.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::effect::{Cx, Effect, Lane};
use super::msg::Msg;
use crate::app::Config;

/// One running and one waiting search; a newer one takes the place of the one and ends the other.
#[derive(Default)]
struct Slot {
    turn: Mutex<Turn>,
    filled: Condvar,
    /// Nobody waits any more for what is running.
    stop: Arc<AtomicBool>,
}

#[derive(Default)]
struct Turn {
    waiting: Option<Effect>,
    running: bool,
}

impl Slot {
    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, effect: Effect) {
        let mut turn = self.turn();
        turn.waiting = Some(effect);
        self.stop.store(turn.running, Ordering::Relaxed);
        self.filled.notify_one();
    }

    /// Waits for the next.
    fn next(&self) -> Effect {
        let mut turn = self.turn();
        turn.running = false;
        loop {
            if let Some(effect) = turn.waiting.take() {
                turn.running = true;
                self.stop.store(false, Ordering::Relaxed);
                return effect;
            }
            turn = self
                .filled
                .wait(turn)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// What the main thread is asked.
enum Order {
    /// A job.
    Do(Effect),
    /// To see whether others have written, and to say so.
    Look,
    /// Jobs that nobody asked for yet, for the first pauses.
    Ahead(Vec<Effect>),
    /// One, for the next short pause.
    Later(Effect),
    /// To end once all before this is done.
    End,
}

/// The way to the worker threads.
pub struct Worker {
    main: Sender<Order>,
    thread: JoinHandle<()>,
    search: Arc<Slot>,
    /// Something was asked for: what is read ahead ends.
    asked: Arc<AtomicBool>,
}

/// How long nothing is asked for before what may be asked for next is read.
const PAUSE: Duration = Duration::from_millis(250);
/// The same where it is likely: longer than a key that is held takes to come again.
const SHORT: Duration = Duration::from_millis(50);
/// How long that takes at most; the rest is for the next pause.
const AHEAD: Duration = Duration::from_millis(400);
/// The same of what goes by itself: from a disk, many rows of an index.
const LONG: Duration = Duration::from_millis(1_000);

impl Worker {
    /// Starts the threads; `main` serves what must not be lost, a second connection as `config` says what the next key
    /// makes void. That one is opened with the first search: most who come to look at a list never need it.
    pub fn start(main: Cx, config: Config, out: Sender<Msg>) -> io::Result<Worker> {
        let (sender, jobs) = channel();
        let slot = Arc::new(Slot::default());
        let (waiting, answers) = (Arc::clone(&slot), out.clone());
        let asked = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&asked);
        let thread = thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || serve(&jobs, main, &out, &heard))?;
        thread::Builder::new()
            .name("search".to_owned())
            .spawn(move || serve_newest(&waiting, &config, &answers))?;
        Ok(Worker {
            main: sender,
            thread,
            search: slot,
            asked,
        })
    }

    /// Hands a job over.
    pub fn post(&self, effect: Effect) {
        if effect.lane != Lane::Later {
            self.asked.store(true, Ordering::Relaxed);
        }
        match effect.lane {
            // The thread ends only with the program; then nobody waits for the answer either.
            Lane::Main | Lane::Aside => drop(self.main.send(Order::Do(effect))),
            Lane::Search => self.search.put(effect),
            Lane::Later => drop(self.main.send(Order::Later(effect))),
        }
    }

    /// Has jobs done once in the first pauses, so that the system has in memory what they read: whoever asks for the same
    /// soon does not wait for a disk. Nobody gets their answers, and whatever is asked for ends the one that runs.
    pub fn ahead(&self, effects: Vec<Effect>) {
        drop(self.main.send(Order::Ahead(effects)));
    }

    /// What asks the worker, from another thread, to see whether others have written; false when it has ended.
    pub fn looks(&self) -> impl Fn() -> bool + Send + 'static {
        let main = self.main.clone();
        move || main.send(Order::Look).is_ok()
    }

    /// Waits for the jobs that were handed over to be done; nothing that was to be saved is cut short.
    pub fn finish(self) {
        self.asked.store(true, Ordering::Relaxed);
        drop(self.main.send(Order::End));
        // A worker that panicked has ended the program already.
        let _ = self.thread.join();
    }
}

/// What is read in pauses.
#[derive(Default)]
struct Pauses {
    /// In the first, as far as they reach.
    first: Vec<Effect>,
    /// In the next short one.
    next: Option<Effect>,
}

impl Pauses {
    /// How long nothing is asked for before something is read; none where there is nothing to read.
    fn length(&self) -> Option<Duration> {
        match (&self.next, self.first.is_empty()) {
            (Some(_), _) => Some(SHORT),
            (None, false) => Some(PAUSE),
            (None, true) => None,
        }
    }

    /// What is read at one go, and how long at most: the one that is likely, or what does not take long, or one that does.
    fn take(&mut self) -> (Vec<Effect>, Duration) {
        if let Some(effect) = self.next.take() {
            return (vec![effect], AHEAD);
        }
        let long = |effect: &Effect| effect.lane == Lane::Later;
        let many = self.first.iter().take_while(|effect| !long(effect)).count();
        let rest = self.first.split_off(many.max(1).min(self.first.len()));
        let most = if many == 0 { LONG } else { AHEAD };
        (std::mem::replace(&mut self.first, rest), most)
    }
}

/// The next order; where none comes for a moment, what is for pauses is done first.
fn next(
    orders: &Receiver<Order>,
    pauses: &mut Pauses,
    cx: &mut Cx,
    asked: &Arc<AtomicBool>,
) -> Option<Order> {
    let mut goes_on = false;
    while let Some(length) = pauses.length() {
        asked.store(false, Ordering::Relaxed);
        match orders.recv_timeout(if goes_on { SHORT } else { length }) {
            // The other thread may have been asked.
            Err(RecvTimeoutError::Timeout) if asked.load(Ordering::Relaxed) => goes_on = false,
            Err(RecvTimeoutError::Timeout) => {
                let likely = pauses.next.is_some();
                let (effects, most) = pauses.take();
                let rest = read_ahead(effects, cx, asked, most);
                if !likely {
                    goes_on = rest.is_empty();
                    pauses.first.splice(0..0, rest);
                }
            }
            order => return order.ok(),
        }
    }
    orders.recv().ok()
}

/// Gives back what was not begun.
fn read_ahead(
    effects: Vec<Effect>,
    cx: &mut Cx,
    asked: &Arc<AtomicBool>,
    most: Duration,
) -> Vec<Effect> {
    let mut rest = VecDeque::from(effects);
    let (begun, asked) = (Instant::now(), Arc::clone(asked));
    let stop = move || asked.load(Ordering::Relaxed) || begun.elapsed() > most;
    let over = stop.clone();
    // What cannot be read now is read when it is asked for, and the reason is said then.
    let read = cx.read_ahead(stop, |cx| {
        while !over()
            && let Some(effect) = rest.pop_front()
        {
            drop(effect.run(cx, &|_| ()));
        }
    });
    match read {
        Ok(()) => rest.into(),
        Err(_) => Vec::new(),
    }
}

fn serve(orders: &Receiver<Order>, mut cx: Cx, out: &Sender<Msg>, asked: &Arc<AtomicBool>) {
    let mut aside: Vec<JoinHandle<()>> = Vec::new();
    // That the file was replaced by hand, which is told once.
    let mut told = false;
    let mut pauses = Pauses::default();
    while let Some(order) = next(orders, &mut pauses, &mut cx, asked) {
        if matches!(order, Order::Do(_)) {
            pauses.next = None;
        }
        match order {
            Order::Ahead(effects) => pauses.first = effects,
            Order::Later(effect) => pauses.next = Some(effect),
            Order::Do(effect) if effect.lane == Lane::Aside => {
                aside.retain(|thread| !thread.is_finished());
                aside.extend(do_aside(effect, &mut cx, out));
            }
            // With the loop gone nobody waits for the answer, but the job is to be done all the same.
            Order::Do(effect) => _ = answer(effect, &mut cx, out),
            // What cannot be read now is read with the next key.
            Order::Look => {
                let followed = cx.follow();
                if let Err(error @ crate::app::Error::Conflict(_)) = &followed
                    && !std::mem::replace(&mut told, true)
                {
                    drop(out.send(Msg::Trouble(error.clone())));
                }
                let other = followed.unwrap_or(false);
                if cx.others_wrote().unwrap_or(false) || other {
                    drop(out.send(Msg::Elsewhere));
                }
            }
            Order::End => break,
        }
    }
    for thread in aside {
        // One that panicked has ended the program already.
        let _ = thread.join();
    }
}

/// Does a job; false when nobody waits for answers any more.
fn answer(effect: Effect, cx: &mut Cx, out: &Sender<Msg>) -> bool {
    // Where the file that has come cannot be opened, the one at hand can still be read; it takes no save any more.
    if matches!(cx.follow(), Ok(true)) {
        drop(out.send(Msg::Elsewhere));
    }
    let last = effect.run(cx, &|part| drop(out.send(Msg::Answer(part))));
    out.send(Msg::Answer(last)).is_ok()
}

/// Does the job on a thread and a connection of its own; where there is none to be had, here.
fn do_aside(effect: Effect, cx: &mut Cx, out: &Sender<Msg>) -> Option<JoinHandle<()>> {
    let (give, given) = channel::<(Effect, Cx)>();
    let answers = out.clone();
    let thread = cx.beside().ok().and_then(|own| {
        let work = move || {
            if let Ok((effect, mut own)) = given.recv() {
                answer(effect, &mut own, &answers);
            }
        };
        let thread = thread::Builder::new().name("aside".to_owned()).spawn(work);
        Some((own, thread.ok()?))
    });
    match thread {
        Some((own, thread)) => {
            // The thread waits for it.
            drop(give.send((effect, own)));
            Some(thread)
        }
        None => {
            answer(effect, cx, out);
            None
        }
    }
}

fn serve_newest(slot: &Slot, config: &Config, out: &Sender<Msg>) {
    let mut own: Option<Cx> = None;
    loop {
        let effect = slot.next();
        let stands = own.take().filter(|cx| !cx.is_replaced());
        let opened = stands.map_or_else(|| open_to_stop(config, slot), Ok);
        let listened = match opened {
            Ok(mut cx) => {
                let last = effect.run(&mut cx, &|part| drop(out.send(Msg::Answer(part))));
                own = Some(cx);
                // What was stopped has no answer; who asked for the newer one is answered next.
                slot.stopped() || out.send(Msg::Answer(last)).is_ok()
            }
            // The next key tries again.
            Err(error) => out.send(Msg::Trouble(error)).is_ok(),
        };
        if !listened {
            return;
        }
    }
}

fn open_to_stop(config: &Config, slot: &Slot) -> crate::app::Result<Cx> {
    let mut cx = Cx::open_aside(config)?;
    cx.stop_when(Arc::clone(&slot.stop))?;
    Ok(cx)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::tui::effect::Then;
    use crate::tui::screen::Flow;

    const EVER: Duration = Duration::from_secs(60);

    fn effect(ticket: u64, lane: Lane, work: impl FnOnce(&mut Cx) + Send + 'static) -> Effect {
        Effect {
            layer: 1,
            ticket,
            lane,
            job: Box::new(move |cx, tell| {
                let nothing = || -> Then { Box::new(|_, _| Flow::Stay) };
                tell(nothing());
                work(cx);
                nothing()
            }),
        }
    }

    fn ticket(messages: &Receiver<Msg>) -> u64 {
        match messages.recv_timeout(EVER).unwrap() {
            Msg::Answer(answer) => answer.ticket,
            _ => panic!("no answer"),
        }
    }

    fn office(dir: &std::path::Path) -> Config {
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
    fn a_search_that_nobody_waits_for_any_more_ends_for_the_next() {
        use crate::app::records;
        use crate::domain::query::{Cond, Op, Query};
        use crate::domain::record::Kind;
        use crate::domain::value::Value;
        let dir = tempfile::tempdir().unwrap();
        let config = office(dir.path());
        let main = Cx::create(&config).unwrap();
        let (out, messages) = channel();
        let worker = Worker::start(main, config, out).unwrap();
        let mut long = Query::all(Kind::Unit);
        long.conds.push(Cond {
            key: "name",
            op: Op::Contains,
            value: Value::Text("long".into()),
        });
        let for_ever = move |cx: &mut Cx| while records::count(cx, &long).is_ok() {};
        worker.post(effect(1, Lane::Search, for_ever));
        assert_eq!(ticket(&messages), 1, "it has begun");
        worker.post(effect(2, Lane::Search, |cx| cx.reload().unwrap()));
        assert_eq!((ticket(&messages), ticket(&messages)), (2, 2));
        worker.finish();
    }

    #[test]
    fn what_is_read_ahead_is_read_in_the_first_pause_and_answers_nobody() {
        let dir = tempfile::tempdir().unwrap();
        let config = office(dir.path());
        let main = Cx::create(&config).unwrap();
        let (out, messages) = channel();
        let worker = Worker::start(main, config, out).unwrap();
        let (tell, told) = channel();
        let of = |n: u64| {
            let tell = tell.clone();
            effect(n, Lane::Search, move |_| tell.send(n).unwrap())
        };
        worker.ahead(vec![of(1), of(2)]);
        worker.post(effect(3, Lane::Main, |_| ()));
        assert_eq!((ticket(&messages), ticket(&messages)), (3, 3));
        let in_turn = || told.recv_timeout(EVER).unwrap();
        assert_eq!((in_turn(), in_turn()), (1, 2));
        worker.post(effect(4, Lane::Main, |_| ()));
        assert_eq!((ticket(&messages), ticket(&messages)), (4, 4));
        worker.finish();
        assert!(told.try_recv().is_err(), "it is done once");
    }

    #[test]
    fn what_is_read_ahead_ends_as_soon_as_something_is_asked_for() {
        use crate::app::units;
        let dir = tempfile::tempdir().unwrap();
        let mut cx = Cx::create(&office(dir.path())).unwrap();
        let asked = Arc::new(AtomicBool::new(false));
        let (begun, begins) = channel();
        let long = effect(1, Lane::Main, move |cx| {
            let on = cx.today();
            while units::children(cx, None, on).is_ok() {
                let _ = begun.send(());
            }
        });
        let (tell, told) = channel();
        let next = effect(2, Lane::Main, move |_| tell.send(()).unwrap());
        let hurry = Arc::clone(&asked);
        let key = thread::spawn(move || {
            begins.recv().unwrap();
            hurry.store(true, Ordering::Relaxed);
        });
        read_ahead(vec![long, next], &mut cx, &asked, EVER);
        key.join().unwrap();
        assert!(told.try_recv().is_err(), "nor is anything else begun");
        assert!(units::children(&cx, None, cx.today()).is_ok());
    }

    #[test]
    fn what_a_pause_is_too_short_for_is_left_for_the_next_and_what_takes_long_goes_by_itself() {
        let of = |lanes: &[Lane]| -> Vec<Effect> {
            let one = |(ticket, lane): (u64, &Lane)| effect(ticket, *lane, |_| ());
            (1..).zip(lanes).map(one).collect()
        };
        let tickets = |effects: Vec<Effect>| -> Vec<u64> {
            effects.iter().map(|effect| effect.ticket).collect()
        };
        let mut pauses = Pauses {
            first: of(&[Lane::Main, Lane::Search, Lane::Later, Lane::Later]),
            next: None,
        };
        for (at_once, long) in [(vec![1, 2], false), (vec![3], true), (vec![4], true)] {
            let (effects, most) = pauses.take();
            assert_eq!((tickets(effects), most > AHEAD), (at_once, long));
        }
        pauses.next = of(&[Lane::Later]).pop();
        let (effects, most) = pauses.take();
        assert_eq!((tickets(effects), most), (vec![1], AHEAD));
        assert!(pauses.take().0.is_empty());
        let dir = tempfile::tempdir().unwrap();
        let mut cx = Cx::create(&office(dir.path())).unwrap();
        let asked = Arc::new(AtomicBool::new(true));
        let all = of(&[Lane::Main, Lane::Main]);
        assert_eq!(tickets(read_ahead(all, &mut cx, &asked, EVER)), [1, 2]);
        asked.store(false, Ordering::Relaxed);
        let all = of(&[Lane::Main, Lane::Main]);
        assert!(read_ahead(all, &mut cx, &asked, EVER).is_empty());
    }

    #[test]
    fn what_may_be_asked_for_next_is_read_in_a_pause_the_newest_alone_and_told_to_nobody() {
        let dir = tempfile::tempdir().unwrap();
        let config = office(dir.path());
        let (out, messages) = channel();
        let worker = Worker::start(Cx::create(&config).unwrap(), config, out).unwrap();
        let (tell, told) = channel();
        // Until it lets go, nothing else is done.
        let (go, gone) = channel::<()>();
        worker.post(effect(1, Lane::Main, move |_| gone.recv().unwrap()));
        for ticket in [2, 3] {
            let tell = tell.clone();
            worker.post(effect(ticket, Lane::Later, move |_| {
                tell.send(ticket).unwrap()
            }));
        }
        go.send(()).unwrap();
        assert_eq!(told.recv_timeout(EVER).unwrap(), 3);
        worker.post(effect(4, Lane::Main, |_| ()));
        let tickets: Vec<u64> = (0..4).map(|_| ticket(&messages)).collect();
        assert_eq!(tickets, [1, 1, 4, 4]);
        worker.finish();
        assert!(told.try_recv().is_err());
    }

    #[test]
    fn a_file_that_takes_the_place_of_another_is_read_from_then_on() {
        let dir = tempfile::tempdir().unwrap();
        let config = office(dir.path());
        let other = Config {
            db: dir.path().join("b.db"),
            ..config.clone()
        };
        let main = Cx::create(&config).unwrap();
        let mut new = Cx::create(&other).unwrap();
        crate::app::settings::set(&mut new, "due_soon_days", "9").unwrap();
        drop(new);
        let (out, messages) = channel();
        let worker = Worker::start(main, config.clone(), out).unwrap();
        let asks = |ticket, lane| {
            let (tell, told) = channel();
            let days = move |cx: &mut Cx| tell.send(cx.office().due_soon_days).unwrap();
            worker.post(effect(ticket, lane, days));
            told.recv_timeout(EVER).unwrap()
        };
        assert_eq!((asks(1, Lane::Search), asks(2, Lane::Main)), (5, 5));
        for end in ["", "-wal", "-shm"] {
            let file = |name: &str| dir.path().join(format!("{name}.db{end}"));
            std::fs::rename(file("a"), file("old")).unwrap();
        }
        std::fs::rename(&other.db, &config.db).unwrap();
        assert_eq!((asks(3, Lane::Search), asks(4, Lane::Main)), (9, 9));
        worker.finish();
        let news = messages.try_iter().filter(|m| matches!(m, Msg::Elsewhere));
        assert_eq!(
            news.count(),
            1,
            "what stands on the screen is of the old file"
        );
    }

    #[test]
    fn the_search_goes_by_the_settings_of_now() {
        let dir = tempfile::tempdir().unwrap();
        let config = office(dir.path());
        let main = Cx::create(&config).unwrap();
        let mut other = main.reopen().unwrap();
        let (out, _messages) = channel();
        let worker = Worker::start(main, config, out).unwrap();
        for days in [7, 8] {
            crate::app::settings::set(&mut other, "due_soon_days", &days.to_string()).unwrap();
            let (tell, told) = channel();
            let read = move |cx: &mut Cx| tell.send(cx.office().due_soon_days).unwrap();
            worker.post(effect(1, Lane::Search, read));
            assert_eq!(told.recv_timeout(EVER).unwrap(), days);
        }
        worker.finish();
    }

    #[test]
    fn what_takes_long_keeps_no_save_waiting_and_the_end_waits_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let config = office(dir.path());
        let main = Cx::create(&config).unwrap();
        let mut other = main.reopen().unwrap();
        let (out, messages) = channel();
        let worker = Worker::start(main, config, out).unwrap();
        let looks = worker.looks();
        let (go, gone) = channel::<()>();
        worker.post(effect(1, Lane::Aside, move |_| gone.recv().unwrap()));
        assert_eq!(ticket(&messages), 1, "it tells before it is done");
        worker.post(effect(2, Lane::Main, |cx| {
            cx.set_own_unit("29602").unwrap()
        }));
        assert_eq!((ticket(&messages), ticket(&messages)), (2, 2));
        // Its own save is no news to the worker; another's is, once.
        assert!(looks());
        crate::app::settings::set(&mut other, "due_soon_days", "7").unwrap();
        assert!(looks() && looks());
        worker.post(effect(3, Lane::Main, |_| ()));
        assert!(matches!(
            messages.recv_timeout(EVER).unwrap(),
            Msg::Elsewhere
        ));
        assert_eq!((ticket(&messages), ticket(&messages)), (3, 3));
        go.send(()).unwrap();
        worker.finish();
        assert_eq!(ticket(&messages), 1);
        assert!(!looks(), "nobody listens any more");
    }
}
