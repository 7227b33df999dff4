//! Which `PostgreSQL` programs to use: several versions may be installed, and a cluster opens only with its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::StartError;
use crate::options::Options;

/// The oldest major version that the product supports.
pub(crate) const OLDEST: u32 = 15;
const DEBIAN: &str = "/usr/lib/postgresql";
const PROGRAMS: [&str; 4] = ["postgres", "initdb", "psql", "pg_isready"];

/// The programs of one major version.
#[derive(Clone, Debug)]
pub(crate) struct Binaries {
    dir: PathBuf,
    pub(crate) major: u32,
}

impl Binaries {
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// What is installed: the folder asked for first, then from the highest version down.
pub(crate) struct Installed {
    found: Vec<Binaries>,
    asked_for: Option<PathBuf>,
    looked_in: Vec<String>,
}

impl Installed {
    pub(crate) fn look(options: &Options) -> Self {
        let debian =
            fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
        let mut looked_in = Vec::new();
        let mut look = |dir: &Path| {
            let outcome = examine(dir);
            looked_in.push(match &outcome {
                Ok(_) => dir.display().to_string(),
                Err(why) => format!("{} ({why})", dir.display()),
            });
            outcome.ok()
        };
        let first: Option<Binaries> = options.bin_dir.as_deref().and_then(&mut look);
        let mut others: Vec<Binaries> = debian.filter_map(|dir| look(&dir)).collect();
        others.extend(options.search_path.iter().filter_map(|dir| look(dir)));
        // Stable: among equals, Debian's folder stays before the search path.
        others.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
        if looked_in.is_empty() {
            looked_in.push(format!("{DEBIAN}/*/bin"));
        }
        let found = first.into_iter().chain(others).collect();
        Self { found, asked_for: options.bin_dir.clone(), looked_in }
    }

    /// Any of them.
    pub(crate) fn any(&self) -> Result<&Binaries, StartError> {
        self.found.first().map_or_else(|| Err(self.none()), Ok)
    }

    fn none(&self) -> StartError {
        StartError::NoBinaries { looked_in: self.looked_in.join(", ") }
    }

    /// The programs for a cluster whose `PG_VERSION` is given, or for a new one.
    pub(crate) fn choose(&self, version: Option<&str>, folder: &Path) -> Result<Binaries, StartError> {
        let usable = |binaries: &&Binaries| match version {
            // "9.6" is no u32: such a cluster matches nothing we support.
            Some(version) => version.parse() == Ok(binaries.major),
            None => {
                binaries.major >= OLDEST && self.asked_for.as_ref().is_none_or(|dir| *dir == binaries.dir)
            }
        };
        if let Some(binaries) = self.found.iter().find(usable) {
            return Ok(binaries.clone());
        }
        match version {
            Some(version) if !self.found.is_empty() => {
                let mut found: Vec<u32> = self.found.iter().map(|binaries| binaries.major).collect();
                found.dedup();
                let found = found.iter().map(|major| format!("PostgreSQL {major}")).collect::<Vec<_>>();
                Err(StartError::VersionMismatch {
                    folder: folder.to_owned(),
                    data: version.to_owned(),
                    found: found.join(", "),
                })
            }
            _ => Err(self.none()),
        }
    }
}

fn examine(dir: &Path) -> Result<Binaries, String> {
    if let Some(missing) = PROGRAMS.iter().find(|name| !dir.join(name).is_file()) {
        return Err(format!("no {missing}"));
    }
    let said = Command::new(dir.join("postgres"))
        .arg("--version")
        .env_clear()
        .output()
        .map_err(|error| format!("postgres does not run: {error}"))?;
    let said = String::from_utf8_lossy(&said.stdout);
    match major(&said) {
        Some(major) if major < OLDEST => Err(format!("version {major}")),
        Some(major) => Ok(Binaries { dir: dir.to_owned(), major }),
        None => Err(format!("not understood: {:?}", said.trim())),
    }
}

/// `postgres (PostgreSQL) 15.14 (Debian …)`, `postgres (PostgreSQL) 18beta1`.
fn major(said: &str) -> Option<u32> {
    let (_, version) = said.split_once("(PostgreSQL) ")?;
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_what_postgres_says() {
        assert_eq!(major("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major("postgres (PostgreSQL) 17"), Some(17));
        assert_eq!(major("busybox"), None);
    }

    #[test]
    fn a_cluster_opens_only_with_its_own_version() {
        let at = |major: u32| Binaries { dir: PathBuf::from(format!("/pg/{major}")), major };
        let installed =
            Installed { found: vec![at(17), at(16)], asked_for: None, looked_in: vec!["/pg".to_owned()] };
        let folder = Path::new("/data");
        assert_eq!(installed.choose(None, folder).unwrap().major, 17);
        assert_eq!(installed.choose(Some("16"), folder).unwrap().major, 16);
        let refused = installed.choose(Some("15"), folder).unwrap_err().to_string();
        assert!(
            refused.contains("made by PostgreSQL 15, and only PostgreSQL 17, PostgreSQL 16"),
            "{refused}"
        );
        assert!(refused.contains("`postgresql-15`"), "{refused}");
    }

    #[test]
    fn the_folder_asked_for_is_the_only_one_for_a_new_cluster() {
        let mut options = Options::new("/data");
        options.bin_dir = Some(PathBuf::from("/nowhere"));
        let refused = Installed::look(&options).choose(None, Path::new("/data")).unwrap_err().to_string();
        assert!(refused.contains("/nowhere (no postgres)"), "{refused}");
        assert!(refused.contains("apt-get install postgresql"), "{refused}");
    }
}
