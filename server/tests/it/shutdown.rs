//! The end of the program, whenever it comes. These run the real binary.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use sqlx::Connection;
use tempfile::TempDir;
use testing::Database;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, ChildStderr, Command},
    task::JoinSet,
    time::timeout,
};

const LONG: Duration = Duration::from_mins(1);
/// What `domain::db` takes before it migrates: who holds it makes every start wait.
const UPGRADE_LOCK: i64 = 0x4341_5245_4c4e_4b01;

/// `carelink serve` on a folder, with more of its configuration in the environment.
struct Program {
    child: Child,
    log: BufReader<ChildStderr>,
}

impl Program {
    fn serve(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_carelink"));
        command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        // The tests' own, which is no setting.
        command.env_remove("CARELINK_TEST_DATABASE_URL");
        command.env("CARELINK_SERVER_MODE", "development").env("CARELINK_SERVER_LISTEN", "127.0.0.1:0");
        command.env("CARELINK_SERVER_DATA_DIR", folder.join("data")).envs(settings.iter().copied());
        let mut child = command.spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        Self { child, log }
    }

    /// Reads the log as far as this.
    async fn until(&mut self, said: &str) {
        let mut line = String::new();
        while !line.contains(said) {
            line.clear();
            let read = timeout(LONG, self.log.read_line(&mut line)).await.expect("the log goes on").unwrap();
            assert!(read > 0, "the program ended before it said {said:?}");
        }
    }

    fn signal(&self, signal: Signal) {
        let pid = self.child.id().unwrap().cast_signed();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    /// How it ended, and what it said to who started it.
    async fn end(&mut self, within: Duration) -> (ExitStatus, String) {
        let status = timeout(within, self.child.wait()).await.expect("the program ends").unwrap();
        let mut said = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut said).await.unwrap();
        (status, said)
    }
}

#[tokio::test]
async fn a_signal_during_migrations_ends_the_program() {
    for signal in [Signal::TERM, Signal::INT] {
        let database = Database::empty().await;
        let (url, owner_url) = database.urls();
        let mut holder = database.look().await;
        sqlx::query("SELECT pg_advisory_lock($1)").bind(UPGRADE_LOCK).execute(&mut holder).await.unwrap();
        let folder = TempDir::new().unwrap();
        let settings = [("CARELINK_DATABASE_URL", &*url), ("CARELINK_DATABASE_OWNER_URL", &*owner_url)];
        let mut program = Program::serve(folder.path(), &settings);
        let waits = async {
            let sql = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
                           AND wait_event_type = 'Lock')";
            while !sqlx::query_scalar::<_, bool>(sql).fetch_one(&mut holder).await.unwrap() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(LONG, waits).await.expect("the start waits for its turn");
        program.signal(signal);
        let (status, said) = program.end(Duration::from_secs(8)).await;
        assert!(status.success() && said.is_empty(), "{signal:?}: {status} {said}");
        holder.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_signal_while_our_own_postgresql_starts_ends_both() {
    // While it is made, and while its tables are.
    for (moment, runs) in [("creates the database", false), ("PostgreSQL is ready", true)] {
        let folder = TempDir::new().unwrap();
        // The user who runs PostgreSQL passes through it.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
        let mut program = Program::serve(folder.path(), &[]);
        program.until(moment).await;
        program.signal(Signal::TERM);
        let (status, said) = program.end(LONG).await;
        assert!(status.success() && said.is_empty(), "{moment}: {status} {said}");
        let data = folder.path().join("data/postgres/data");
        assert!(data.join("PG_VERSION").exists() && !data.join("postmaster.pid").exists(), "{moment}");
        let log = fs::read_to_string(data.with_file_name("postgres.log")).unwrap();
        assert!(!runs || log.contains("database system is shut down"), "{moment}: {log}");
    }
}

#[tokio::test]
async fn work_that_does_not_end_is_left_behind() {
    let mut tasks = JoinSet::new();
    let (done, ended) = tokio::sync::oneshot::channel();
    tasks.spawn(async move {
        tokio::task::yield_now().await;
        let _ = done.send(());
    });
    let (held, left) = tokio::sync::oneshot::channel::<()>();
    tasks.spawn(async move {
        std::future::pending::<()>().await;
        drop(held);
    });
    timeout(LONG, server::serve::finish(tasks, Duration::from_millis(100))).await.expect("it goes on");
    assert!(ended.await.is_ok(), "what ends is waited for");
    assert!(timeout(LONG, left).await.expect("the rest is given up").is_err());
}
