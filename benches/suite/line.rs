//! G1 to G4: bytes and writes for each key at two sizes, idleness, a held key on a slow line. The yardstick is what
//! ratatui's own back end sends for the very same frames.
use std::time::Duration;

use super::keys::keys_of;
use super::machine::has;
use super::pty::{Opening, Reaction, Window};
use super::site::Site;
use super::table::{Row, Table, Unit, median};
use super::wire::{Cost, FORM, LIST, MINUTE, REST, Wire};

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];
/// Bytes a second of a line of 9600 baud.
const SLOW: usize = 960;

fn open(site: &Site, command: Vec<String>, size: (u16, u16)) -> Window {
    Window::open(&Opening {
        size,
        command,
        home: &site.home(),
        throttle: None,
    })
}

/// The real program on a terminal, by the parts of a walk.
fn walk(
    window: &mut Window,
    parts: &[(&'static str, &'static str)],
) -> Vec<(&'static str, Vec<Reaction>)> {
    parts
        .iter()
        .map(|(name, keys)| {
            let press = |key| match key {
                REST | MINUTE => window.rest(),
                key => window.press(key),
            };
            let costs = keys_of(keys).map(press);
            (*name, costs.collect())
        })
        .collect()
}

fn of<T: Copy>(parts: &[(&str, Vec<T>)], name: &str, value: impl Fn(T) -> f64) -> Vec<f64> {
    let part = parts.iter().find(|(part, _)| *part == name);
    part.map_or(Vec::new(), |(_, all)| {
        all.iter().map(|one| value(*one)).collect()
    })
}

fn worst(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

/// One budget of bytes: the part of the walk, what it is called, and what is allowed.
struct Budget(&'static str, &'static str, &'static str, fn(Row) -> Row);

const BUDGETS: [Budget; 12] = [
    Budget("G1", "step", "cursor step", |row| row.most(30.0)),
    Budget("G1", "step from rest", "first step after a rest", |row| row),
    Budget(
        "G1",
        "rest",
        "what follows the cursor, once it rests",
        |row| row,
    ),
    Budget("G1", "letter", "typed letter", |row| row.most(10.0)),
    Budget("G1", "scroll", "scroll by one row", |row| row.most(200.0)),
    Budget("G2", "page", "page", |row| row.most_times(0.75, 0.0)),
    Budget("G2", "switch", "screen switch", |row| {
        row.most_times(0.6, 0.0)
    }),
    Budget("G2", "end", "to the end of the list", |row| row),
    Budget("G2", "card", "card opened, closed", |row| row),
    Budget("G2", "form", "form opened", |row| row),
    Budget("G1", "field", "field to field", |row| row),
    Budget("G3", "nothing", "key that changes nothing", |row| {
        row.most(0.0)
    }),
];

fn bytes(site: &Site, table: &mut Table, size: (u16, u16)) {
    let sized = |what: &str| format!("{what}, {}×{}", size.0, size.1);
    let mut wire = Wire::open(site.cx(), size.0, size.1);
    let first = wire.first();
    let mut stock = wire.walk(&LIST);
    stock.extend(Wire::open(site.small_cx(), size.0, size.1).walk(&FORM));
    let mut window = open(site, site.words(), size);
    let start = window.start();
    let mut ours = walk(&mut window, &LIST);
    drop(window);
    let mut form = open(site, site.small_words(), size);
    form.start();
    ours.extend(walk(&mut form, &FORM));
    let row = Row::new("G2", sized("first screen"), Unit::Bytes, start.bytes as f64)
        .beside("stock ratatui", first.stock as f64);
    table.add(if size.0 == 80 { row.most(2_500.0) } else { row });
    for Budget(budget, part, what, limit) in &BUDGETS {
        let costs = of(&ours, part, |one: Reaction| one.bytes as f64);
        let (all, most) = (median(costs.clone()), worst(&costs));
        let theirs = median(of(&stock, part, |one: Cost| one.stock as f64));
        let what = sized(&format!("{what} (worst {most:.0})"));
        let row = Row::new(budget, what, Unit::Bytes, all);
        table.add(limit(row).beside("stock ratatui", theirs));
    }
    let keys: Vec<Cost> = stock
        .iter()
        .flat_map(|(_, all)| all.iter().copied())
        .collect();
    let frames = keys
        .iter()
        .filter(|key| key.ours > 0)
        .map(|key| key.frames)
        .sum::<usize>();
    let writes = keys.iter().map(|key| key.writes).sum::<usize>();
    let what = sized("writes a frame");
    table.add(
        Row::new(
            "G3",
            what,
            Unit::Count,
            writes as f64 / frames.max(1) as f64,
        )
        .most(1.0),
    );
}

/// The writes that the system saw, when it can be asked.
fn traced(site: &Site, table: &mut Table) {
    if !has("strace") {
        table.add(Row::missing(
            "G3",
            "writes for 20 steps, seen by strace",
            "no strace",
        ));
        return;
    }
    let log = site.dir.path().join("writes");
    let count = || {
        let text = std::fs::read_to_string(&log).unwrap_or_default();
        text.lines()
            .filter(|line| line.contains("/dev/pts/"))
            .count()
    };
    let mut command: Vec<String> = [
        "strace",
        "-f",
        "-qq",
        "-y",
        "-s0",
        "-e",
        "trace=write,writev",
        "-o",
    ]
    .map(str::to_owned)
    .to_vec();
    command.push(log.display().to_string());
    command.extend(site.words());
    let mut window = open(site, command, (80, 24));
    window.start();
    window.press("5");
    window.rest();
    let before = count();
    for _ in 0..20 {
        window.press("Down");
    }
    let writes = count() - before;
    table.add(
        Row::new(
            "G3",
            "writes for 20 steps, seen by strace",
            Unit::Count,
            writes as f64,
        )
        .most(20.0),
    );
}

fn idle(site: &Site, table: &mut Table) {
    let long = std::env::var("DANVAN_BENCH_IDLE")
        .ok()
        .and_then(|text| text.parse().ok());
    let seconds = long.unwrap_or(10);
    let mut window = open(site, site.words(), (80, 24));
    window.start();
    window.press("5");
    window.rest();
    // What goes on once behind the first screen is over by then.
    window.idle(Duration::from_secs(2));
    let (bytes, cpu, woken) = window.idle(Duration::from_secs(seconds));
    let idle = |what| format!("idle for {seconds} s: {what}");
    table.add(Row::new("G3", idle("bytes"), Unit::Bytes, bytes as f64).most(0.0));
    table.add(Row::new("G3", idle("CPU"), Unit::Ms, cpu).most(0.5));
    table.add(Row::new("G3", idle("wake-ups"), Unit::Count, woken).most(1.0));
}

/// Down held for two seconds over a line of 9600 baud; the stock back end would have to send all its frames.
fn held(site: &Site, table: &mut Table) {
    let long = Duration::from_secs(2);
    let mut wire = Wire::open(site.cx(), 80, 24);
    wire.press("5");
    let stock: usize = (0..60).map(|_| wire.press("Down").stock).sum();
    let late = stock as f64 / SLOW as f64 - long.as_secs_f64();
    let mut window = Window::open(&Opening {
        size: (80, 24),
        command: site.words(),
        home: &site.home(),
        throttle: Some(SLOW),
    });
    window.start();
    window.rest();
    window.press("5");
    window.rest();
    let (settled, bytes) = window.hold("Down", long);
    let what = format!("Down held 2 s at 960 B/s: settled after ({bytes} B)");
    table.add(
        Row::new("G4", what, Unit::Seconds, settled)
            .beside("stock ratatui", late)
            .most(1.0),
    );
}

/// Other programs over as many lines, where they are installed.
fn others(site: &Site, table: &mut Table) {
    let file = site.dir.path().join("lines.txt");
    let lines: String = (1..=1_000)
        .map(|n| format!("{n} Đề nghị xem xét việc bồi thường đất\n"))
        .collect();
    std::fs::write(&file, lines).unwrap();
    let path = file.display().to_string();
    let vim = [
        "vim",
        "-u",
        "NONE",
        "-N",
        "-n",
        "--cmd",
        "set cursorline",
        &path,
    ];
    for (name, words) in [("vim", &vim[..]), ("less", &["less", &path][..])] {
        if !has(name) {
            continue;
        }
        let mut window = open(
            site,
            words.iter().map(|word| (*word).to_owned()).collect(),
            (80, 24),
        );
        window.start();
        let step = median((0..8).map(|_| window.press("Down").bytes as f64).collect());
        for _ in 0..30 {
            window.press("Down");
        }
        let scroll = median((0..8).map(|_| window.press("Down").bytes as f64).collect());
        table.add(Row::new("G1", format!("({name}: step)"), Unit::Bytes, step));
        table.add(Row::new(
            "G1",
            format!("({name}: scroll)"),
            Unit::Bytes,
            scroll,
        ));
    }
}

/// Every screen: its name, the keys that lead to it, and moves on it.
const SCREENS: [(&str, &str, &str); 15] = [
    ("overview", "1", "Down*4"),
    ("units", "2", "Down*4"),
    ("models", "3", "Down*4"),
    ("dialogues", "4", "Down*4"),
    ("petitions", "5", "Down*4"),
    ("receptions", "6", "Down*4"),
    ("rates", "7", "Down*4"),
    ("a petition", "5 Enter", "Down*4"),
    ("its history", "h", "Down*4"),
    ("why that day", "Esc v", "Down*4"),
    ("find", "Esc Esc /", "d a t Space"),
    ("help", "Esc Esc F1", "Down*4"),
    ("due", "Esc a", "Down*4"),
    ("calendar", "Esc : l i c h Enter", "Down*4"),
    ("rules", "Esc R", "Down*4"),
];

/// What every screen costs: its opening and a move on it.
pub fn screens(site: &Site, table: &mut Table) {
    for (width, height) in SIZES {
        let mut wire = Wire::open(site.cx(), width, height);
        for (name, open, moves) in SCREENS {
            let mut press =
                |keys| -> Vec<Cost> { keys_of(keys).map(|key| wire.press(key)).collect() };
            let opened = press(open);
            let last = opened.last().copied().unwrap_or_default();
            press(REST);
            let moved = press(moves);
            let middle =
                |of: fn(&Cost) -> usize| median(moved.iter().map(|cost| of(cost) as f64).collect());
            let named = |what| format!("{name}: {what}, {width}×{height}");
            let row = Row::new("G2", named("opened"), Unit::Bytes, last.ours as f64);
            table.add(row.beside("stock ratatui", last.stock as f64));
            let row = Row::new("G1", named("a move"), Unit::Bytes, middle(|cost| cost.ours));
            table.add(row.beside("stock ratatui", middle(|cost| cost.stock)));
        }
    }
}

/// Measures the line.
pub fn run(site: &Site, table: &mut Table) {
    for size in SIZES {
        bytes(site, table, size);
    }
    others(site, table);
    traced(site, table);
    idle(site, table);
    held(site, table);
}
