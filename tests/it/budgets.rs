//! The figures that are the same on every machine: bytes and writes for each key. Times are measured by `cargo bench`.
use danvan::app::{Config, Cx, sample};
use tempfile::TempDir;

use crate::support::wire::{Cost, FORM, LIST, Wire};
use crate::support::world::d;

/// What a key may cost at most, by the name of its part of the walk.
enum Most {
    /// Bytes at 80×24 and at 120×40.
    Bytes(usize, usize),
    /// Hundredths of what the stock back end sends for the same frames.
    Share(usize),
}

/// The limits, every key held to them. Where a limit is above the budget it is what is reached now: it only goes down.
const MOST: [(&str, Most); 13] = [
    // budget 30
    ("step", Most::Bytes(30, 30)),
    ("step from rest", Most::Bytes(30, 30)),
    ("rest", Most::Bytes(200, 200)),
    // budget 200
    ("scroll", Most::Bytes(200, 200)),
    // budget 10
    ("letter", Most::Bytes(10, 10)),
    ("field", Most::Bytes(60, 60)),
    // budget 75
    ("page", Most::Share(75)),
    // budget 60
    ("switch", Most::Share(60)),
    ("end", Most::Share(60)),
    ("card", Most::Share(75)),
    ("form", Most::Share(60)),
    // budget 0
    ("nothing", Most::Bytes(0, 0)),
    ("idle", Most::Bytes(0, 0)),
];
/// Bytes of the first screen at 80×24 (budget) and at 120×40.
const FIRST: [usize; 2] = [2_500, 4_300];
const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

fn exceeded(most: &Most, large: bool, cost: Cost) -> bool {
    match most {
        Most::Bytes(at_small, at_large) => cost.ours > if large { *at_large } else { *at_small },
        Most::Share(share) => cost.ours * 100 > cost.stock * share,
    }
}

#[test]
fn a_key_sends_no_more_bytes_than_its_budget_and_a_frame_is_one_write() {
    let dir = TempDir::new().unwrap();
    let config = Config {
        db: dir.path().join("mau.db"),
        today: Some(d("2026-11-20")),
        read_only: false,
        assume_fs: None,
        state_dir: dir.path().join("state"),
        actor: "lan".into(),
        demo: true,
    };
    let mut cx = Cx::create(&config).unwrap();
    sample::write(&mut cx, 1_000, 1, &mut |_| {}).unwrap();
    drop(cx);
    let mut wrong = Vec::new();
    for (at, (width, height)) in SIZES.into_iter().enumerate() {
        let mut wire = Wire::open(Cx::open(&config).unwrap(), width, height);
        let first = wire.first();
        println!("{width}×{height} first screen: {first:?}");
        if first.ours > FIRST[at] || first.writes > first.frames {
            wrong.push(format!("{width}×{height} first screen: {first:?}"));
        }
        let mut parts = wire.walk(&LIST);
        parts.extend(wire.walk(&FORM));
        for (name, costs) in parts.iter().filter(|(name, _)| !name.is_empty()) {
            let mut sorted: Vec<usize> = costs.iter().map(|cost| cost.ours).collect();
            sorted.sort_unstable();
            println!("{width}×{height} {name}: {sorted:?} bytes");
            let most = MOST.iter().find(|(part, _)| part == name);
            for cost in costs {
                let over = most.is_some_and(|(_, most)| exceeded(most, at == 1, *cost));
                if over || cost.writes > cost.frames {
                    wrong.push(format!("{width}×{height} {name}: {cost:?}"));
                }
            }
        }
        for (part, _) in &MOST {
            assert!(parts.iter().any(|(name, _)| name == part), "{part}");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
