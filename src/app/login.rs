//! Login names by number, from the password file alone, without NSS.

/// Login name of the running user by uid, never by `$USER`.
#[must_use]
pub fn name() -> String {
    name_of(uid())
}

/// Login name of a user; its number where the password file does not know it.
#[must_use]
pub fn name_of(uid: u32) -> String {
    let file = std::fs::read("/etc/passwd").unwrap_or_default();
    name_in(&String::from_utf8_lossy(&file), uid).unwrap_or_else(|| format!("uid {uid}"))
}

/// The number of the running user.
#[must_use]
pub fn uid() -> u32 {
    rustix::process::getuid().as_raw()
}

fn name_in(passwd: &str, uid: u32) -> Option<String> {
    passwd.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        let id = parts.nth(1)?;
        (id.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_found_by_number() {
        let passwd = "root:x:0:0:root:/:/bin/sh\nhanh:x:1001:1001::/:/bin/sh\n";
        assert_eq!(name_in(passwd, 1001).as_deref(), Some("hanh"));
        assert_eq!(name_in(passwd, 7), None);
    }
}
