//! Who runs `PostgreSQL`: it refuses to be root, so root becomes somebody else, and anybody else stays himself.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, chown, lchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::{OnPath, StartError};

/// The user `PostgreSQL` runs as.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
    gid: u32,
    /// This process is root and every program is started as this user instead.
    pub(crate) dropped: bool,
}

impl Account {
    /// The owner of a cluster that exists (`data`), else this process's user, else the first that exists.
    pub(crate) fn choose(users: &[String], data: &Path) -> Result<Self, StartError> {
        let owner = fs::symlink_metadata(data).ok().map(|data| (data.uid(), data.gid()));
        let me = rustix::process::geteuid().as_raw();
        let gid = rustix::process::getegid().as_raw();
        match owner {
            Some((owner, _)) if me != 0 && owner != me => {
                Err(StartError::WrongOwner { folder: data.to_owned(), owner, me })
            }
            _ if me != 0 => Ok(Self { name: format!("user id {me}"), uid: me, gid, dropped: false }),
            Some((uid, gid)) if uid != 0 => {
                Ok(Self { name: format!("user id {uid}"), uid, gid, dropped: true })
            }
            _ => {
                let known = fs::read_to_string("/etc/passwd").unwrap_or_default();
                users
                    .iter()
                    .find_map(|name| in_passwd(&known, name))
                    .ok_or_else(|| StartError::NoAccount(users.join(", ")))
            }
        }
    }

    /// A program to be run as this user, in its own process group (a Ctrl-C in the terminal is for the server,
    /// which stops `PostgreSQL` last), with an environment that holds none of the server's secrets.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").current_dir("/");
        command.stdin(Stdio::null()).process_group(0);
        if self.dropped {
            // std gives up the supplementary groups too when a root process sets a uid.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Whether this user can run `program` with `folder` as its working directory: asked of the kernel, which
    /// alone knows all rules (modes, ACLs, mounts).
    pub(crate) fn reaches(&self, program: &Path, folder: &Path) -> bool {
        let mut command = self.command(program);
        command.arg("--version").current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    pub(crate) fn give(&self, path: &Path) -> Result<(), StartError> {
        if self.dropped {
            chown(path, Some(self.uid), Some(self.gid)).on("give to its user", path)?;
        }
        Ok(())
    }

    /// For a cluster that root copied back from a backup: nobody else can enter it, so nothing moves meanwhile.
    pub(crate) fn take_over(&self, data: &Path) -> Result<(), StartError> {
        let is_roots = fs::symlink_metadata(data).is_ok_and(|data| data.uid() == 0);
        if self.dropped && is_roots {
            tracing::info!(folder = %data.display(), user = %self.name, "gives root's copy to its user");
            give_tree(data, self.uid, self.gid).on("give to its user", data)?;
        }
        Ok(())
    }
}

fn give_tree(path: &Path, uid: u32, gid: u32) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() {
        for entry in fs::read_dir(path)? {
            give_tree(&entry?.path(), uid, gid)?;
        }
    }
    lchown(path, Some(uid), Some(gid))
}

fn in_passwd(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let found = fields.next()? == name;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        (found && uid != 0).then(|| Account { name: name.to_owned(), uid, gid, dropped: true })
    })
}

#[cfg(test)]
mod tests {
    use super::in_passwd;

    #[test]
    fn a_user_is_found_in_passwd_and_is_never_root() {
        let passwd =
            "root:x:0:0::/root:/bin/sh\n+nis\npostgres:x:101:104:admin,,,:/var:/bin/bash\ntoor:x:0:0::/:\n";
        let account = in_passwd(passwd, "postgres").unwrap();
        assert_eq!((account.uid, account.gid), (101, 104));
        assert!(in_passwd(passwd, "toor").is_none());
        assert!(in_passwd(passwd, "postgre").is_none());
    }
}
