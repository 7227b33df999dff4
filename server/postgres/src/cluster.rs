//! One cluster: its folder, its programs, and everything that must be in order before the server can run.
//! All of this blocks; [`crate::PrivatePostgres::start`] runs it aside.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::binaries::{Binaries, Installed};
use crate::bootstrap;
use crate::error::{OnPath, StartError};
use crate::folder::{Place, hash, sync_parent};
use crate::log;
use crate::options::{Options, is_database_name};
use crate::secret::Secret;
use crate::survivors::Survivors;
use crate::{settings, socket};

/// A cluster that is ready to be served.
pub(crate) struct Cluster {
    pub(crate) place: Place,
    pub(crate) binaries: Binaries,
    pub(crate) data: PathBuf,
    pub(crate) socket: PathBuf,
    pub(crate) options: Options,
    pub(crate) owner: Secret,
    pub(crate) app: Secret,
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster").field("data", &self.data).finish_non_exhaustive()
    }
}

impl Cluster {
    pub(crate) fn prepare(options: &Options) -> Result<Self, StartError> {
        if !is_database_name(&options.database) {
            return Err(StartError::DatabaseName(options.database.clone()));
        }
        let installed = Installed::look(options);
        // Which version matters only once the folder is known; any will do to try who reaches the folder.
        let any = installed.any()?;
        let place = Place::settle(options, &any.program("pg_isready"))?;
        let data = place.home.join("data");
        let exists = data.exists();
        if exists {
            place.account.take_over(&data)?;
        }
        let version = if exists { Some(version(&data)?) } else { None };
        let binaries = installed.choose(version.as_deref(), &data)?;
        let socket = socket::folder(&place.home, &place.account)?;
        settings::write_all(&place.home, options)?;

        let mut cluster = Self {
            place,
            binaries,
            data,
            socket,
            options: options.clone(),
            owner: Secret::random()?,
            app: Secret::random()?,
        };
        if exists {
            cluster.clear();
            bootstrap::recall(&mut cluster)?;
        } else {
            cluster.create()?;
        }
        Ok(cluster)
    }

    /// A cluster comes into being whole: under another name, then one rename. A start that was cut short
    /// leaves nothing that looks like a database.
    fn create(&self) -> Result<(), StartError> {
        let home = &self.place.home;
        for entry in fs::read_dir(home).on("list", home)?.flatten() {
            if entry.file_name().as_encoded_bytes().starts_with(b"new-") {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        // Its own name each time: an initdb that outlived its supervisor may still be writing in the last one.
        let new = home.join(format!("new-{}", &Secret::random()?.expose()[..8]));
        DirBuilder::new().mode(0o700).create(&new).on("create", &new)?;
        self.place.account.give(&new)?;
        tracing::info!(folder = %self.data.display(), version = self.binaries.major, "creates the database");

        let mut initdb = self.place.account.command(&self.binaries.program("initdb"));
        initdb.arg("-D").arg(&new).args(["-U", bootstrap::SUPERUSER, "--auth=reject", "--no-instructions"]);
        initdb.args(["--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8"]);
        if self.binaries.major >= 17 {
            // Sorts the same whatever the system's C library becomes.
            initdb.args(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]);
        }
        // All that is written here goes to the disk at once, at the end: half the time of doing it twice.
        initdb.arg("--no-sync");
        run("initdb", initdb, "")?;
        bootstrap::first(self, &new)?;
        if self.options.fsync {
            let mut sync = self.place.account.command(&self.binaries.program("initdb"));
            sync.arg("--sync-only").arg("-D").arg(&new);
            run("writing the new database to the disk", sync, "")?;
        }
        fs::rename(&new, &self.data).and_then(|()| sync_parent(&self.data)).on("put in place", &self.data)?;
        bootstrap::remember(self)
    }

    /// Ends whatever still runs on this data, and removes what a dead server left: we hold the folder's lock
    /// and have looked at every process, which says more than the process id in an old file.
    pub(crate) fn clear(&self) {
        self.survivors().end(Some(self.options.stop_limit));
        let lock = format!("{}.lock", socket::SOCKET);
        let left =
            [self.data.join("postmaster.pid"), self.socket.join(socket::SOCKET), self.socket.join(lock)];
        for file in left {
            let _ = fs::remove_file(file);
        }
    }

    pub(crate) fn survivors(&self) -> Survivors {
        Survivors::of(&self.data, self.title())
    }

    /// `postgres` on this cluster; `data` is where it is for the moment.
    pub(crate) fn server(&self, mode: Option<&str>, data: &Path) -> Command {
        let set = |name: &str, value: &Path| {
            let mut setting = OsString::from(name);
            setting.push("=");
            setting.push(value);
            setting
        };
        let mut server = self.place.account.command(&self.binaries.program("postgres"));
        server.args(mode).arg("-D").arg(data);
        server.arg("-c").arg(set("config_file", &self.place.home.join("postgresql.conf")));
        server.arg("-c").arg(set("hba_file", &self.place.home.join("pg_hba.conf")));
        server.arg("-c").arg(set("unix_socket_directories", &self.socket));
        server.arg("-c").arg(format!("cluster_name={}", self.title()));
        server
    }

    /// What `ps` shows for each of the server's processes.
    fn title(&self) -> String {
        format!("carelink-{}", hash(&self.data))
    }
}

fn version(data: &Path) -> Result<String, StartError> {
    let path = data.join("PG_VERSION");
    Ok(fs::read_to_string(&path).on("read", &path)?.trim().to_owned())
}

/// Runs a program to its end, with this on its standard input.
pub(crate) fn run(step: &'static str, mut command: Command, input: &str) -> Result<(), StartError> {
    let failed = |output: String| StartError::Step { step, output };
    let mut told = || -> io::Result<_> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ends early says why itself.
            let _ = stdin.write_all(input.as_bytes());
        }
        child.wait_with_output()
    };
    let output = told().map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(failed(format!("{}\n{}", output.status, log::tail(&String::from_utf8_lossy(&said)))))
}
