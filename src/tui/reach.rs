//! Where the terminal is: at this machine, where the code of a key comes whole, or at the end of a line that may tear
//! it. An Escape is a key of its own once no more has come for a moment; across a line that moment is longer.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long after an Escape no more has come, over a line.
const FAR: Duration = Duration::from_millis(40);
/// The same where codes come whole, by one write(2) each.
const NEAR: Duration = Duration::from_millis(5);

/// What tells that someone came over a line.
const OVER_A_LINE: [&str; 6] = [
    "SSH_CONNECTION",
    "SSH_CLIENT",
    "SSH_TTY",
    "MOSH_KEY",
    "REMOTEHOST",
    // It may have been left here and taken up again from elsewhere, and hands on what it does not know as it came.
    "STY",
];
/// Programs that bring a line, by the beginning of their names.
const BRINGERS: [&str; 10] = [
    "sshd",
    "dropbear",
    "mosh-server",
    "telnetd",
    "in.telnetd",
    "rlogind",
    "in.rlogind",
    "etterminal",
    "etserver",
    "tailscaled",
];

/// How long after an Escape no more has come when it is a key of its own.
pub fn escape() -> Duration {
    let device = fs::read_link("/proc/self/fd/0").ok();
    let parent = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().get());
    if near(&|name| std::env::var_os(name), device, above(parent)) {
        NEAR
    } else {
        FAR
    }
}

/// Whether codes come whole, as far as that can be known.
fn near(
    variable: &dyn Fn(&str) -> Option<OsString>,
    device: Option<PathBuf>,
    mut above: impl Iterator<Item = Option<String>>,
) -> bool {
    let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    // It puts codes together before it hands them on, wherever its own terminal is.
    if set("TMUX") {
        return true;
    }
    device.is_some_and(|device| is_at_hand(&device))
        && !OVER_A_LINE.iter().any(|name| set(name))
        // Who becomes another user leaves the variables behind, not those who brought him.
        && !above.any(|line| line.is_none_or(|line| brings(&line)))
}

/// A window of this machine or its own screen; a serial line is none.
fn is_at_hand(device: &Path) -> bool {
    let name = device.to_string_lossy();
    let number = name
        .strip_prefix("/dev/pts/")
        .or_else(|| name.strip_prefix("/dev/tty"));
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a command line is of a program that brings a line.
fn brings(line: &str) -> bool {
    let name = line.split(['\0', ' ', ':']).next().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    BRINGERS.iter().any(|bringer| name.starts_with(bringer))
}

/// The command lines (parts ended by NUL) of a process and those above it, below the first of all; none for one that
/// cannot be seen, and then no more.
pub fn above(process: Option<i32>) -> impl Iterator<Item = Option<String>> {
    let mut at = process;
    std::iter::from_fn(move || {
        let pid = at.filter(|pid| *pid > 1)?;
        let line = fs::read(format!("/proc/{pid}/cmdline")).ok();
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let parent = status
            .lines()
            .find_map(|row| row.strip_prefix("PPid:"))
            .and_then(|pid| pid.trim().parse().ok());
        at = parent.filter(|_| line.is_some());
        Some(line.map(|line| String::from_utf8_lossy(&line).into_owned()))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn is_near(variables: &[&str], device: &str, above: &[Option<&str>]) -> bool {
        let variable = |name: &str| variables.contains(&name).then(|| OsString::from("1"));
        let lines = above.iter().map(|line| line.map(str::to_owned));
        near(&variable, Some(device.into()), lines)
    }

    #[test]
    fn codes_come_whole_where_no_line_lies_between() {
        let window = [
            Some("-bash\0"),
            Some("/usr/libexec/gnome-terminal-server\0"),
        ];
        assert!(is_near(&[], "/dev/pts/3", &window));
        assert!(is_near(
            &[],
            "/dev/tty1",
            &[Some("-bash\0"), Some("login -- lan\0")]
        ));
        for line in [
            "/dev/ttyS0",
            "/dev/ttyUSB0",
            "/dev/tty",
            "/dev/pts/",
            "pipe:[1]",
        ] {
            assert!(!is_near(&[], line, &window), "{line}");
        }
        for name in OVER_A_LINE {
            assert!(!is_near(&[name], "/dev/pts/3", &window), "{name}");
        }
        for bringer in [
            "sshd: lan@pts/3\0",
            "sshd-session: lan@pts/3\0",
            "/usr/sbin/sshd\0-D\0",
            "mosh-server\0new\0",
            "in.telnetd: may.example\0",
        ] {
            let above = [Some("-bash\0"), Some("sudo\0-i\0"), Some(bringer)];
            assert!(!is_near(&[], "/dev/pts/3", &above), "{bringer}");
        }
        assert!(
            !is_near(&[], "/dev/pts/3", &[Some("-bash\0"), None]),
            "unseen"
        );
        let brought = [Some("sshd: lan@pts/3\0")];
        assert!(is_near(&["TMUX", "SSH_CONNECTION"], "/dev/pts/3", &brought));
    }

    #[test]
    fn those_above_are_seen_up_to_the_first() {
        let me = std::process::id().cast_signed();
        let lines: Vec<Option<String>> = above(Some(me)).collect();
        let own = lines.first().unwrap().as_deref().unwrap();
        assert!(own.contains("danvan"), "{own}");
        assert_eq!(above(Some(1)).count(), 0);
        assert_eq!(above(None).count(), 0);
    }
}
