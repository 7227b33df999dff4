//! What a power cut or an impatient administrator does: SIGKILL to one, or to all. fsync is on here.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use private_postgres::{Options, PrivatePostgres, State};

use crate::{kill, open_folder, processes, psql, quick, until};

const FOLDER: &str = "PRIVATE_POSTGRES_TEST_FOLDER";
const HELPER: &str = "crashes::a_supervisor_of_its_own";

#[tokio::test]
async fn a_killed_postmaster_is_started_again_with_its_data() {
    let folder = open_folder();
    let options = Options { fsync: true, ..quick(folder.path()) };
    let server = PrivatePostgres::start(options).await.unwrap();
    let (url, mut state) = (server.owner_url(), server.watch());
    psql(&url, "CREATE TABLE public.kept AS SELECT 42 AS n").unwrap();
    // A busy backend does not notice at once that its postmaster is gone.
    let socket = server.socket_folder().to_owned();
    let mut busy = Command::new("psql")
        .args(["-X", "-c", "SELECT count(*) FROM generate_series(1, 1000000000)", url.expose()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let active = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series(1, 1000000000)'";
    let active = format!("{active} AND pid <> pg_backend_pid()");
    until("the busy backend", || psql(&url, &active).unwrap() == "1").await;

    for _ in 0..2 {
        let State::Running { pid } = state.borrow_and_update().clone() else { panic!("not running") };
        kill(pid);
        let restarting =
            state.wait_for(|state| matches!(state, State::Restarting { .. })).await.unwrap().clone();
        assert!(
            matches!(&restarting, State::Restarting { why, .. } if why.contains("signal: 9")),
            "{restarting:?}"
        );
        let running = |state: &State| matches!(state, State::Running { pid: new } if *new != pid);
        state.wait_for(running).await.unwrap();
        assert_eq!(psql(&url, "SELECT n FROM public.kept").unwrap(), "42");
        assert_eq!(processes(server.folder()).0.len(), 1);
    }
    busy.wait().unwrap();
    assert!(socket.exists());
    let home = server.folder().to_owned();
    server.stop().await;
    assert_eq!(processes(&home), (vec![], 0));
}

#[tokio::test]
async fn a_killed_supervisor_leaves_a_survivor_that_the_next_start_ends() {
    let folder = open_folder();
    let options = Options { fsync: true, ..quick(folder.path()) };
    let home = options.data_folder.join("postgres");
    for kill_all in [false, true] {
        let mut supervisor = run_supervisor(&options.data_folder);
        let ready = options.data_folder.join("ready");
        until("the supervisor is ready", || ready.exists()).await;
        fs::remove_file(&ready).unwrap();
        supervisor.kill().unwrap();
        supervisor.wait().unwrap();
        let (survivors, _) = processes(&home);
        assert_eq!(survivors.len(), 1, "the survivor");
        if kill_all {
            kill(survivors[0]);
        }

        let server = PrivatePostgres::start(options.clone()).await.unwrap();
        let (postmasters, _) = processes(server.folder());
        assert!(postmasters.len() == 1 && postmasters != survivors);
        assert_eq!(psql(&server.owner_url(), "SELECT n FROM public.kept").unwrap(), "42");
        server.stop().await;
        assert_eq!(processes(&home), (vec![], 0));
    }
}

#[tokio::test]
async fn an_old_pid_file_that_names_a_stranger_does_not_harm_him() {
    let folder = open_folder();
    let options = quick(folder.path());
    let server = PrivatePostgres::start(options.clone()).await.unwrap();
    let home = server.folder().to_owned();
    server.stop().await;
    let mut stranger = Command::new("sleep").arg("60").spawn().unwrap();
    let data = home.join("data");
    let stale = format!("{}\n{}\n1\n5432\n\n\n", stranger.id(), data.display());
    fs::write(data.join("postmaster.pid"), stale).unwrap();
    PrivatePostgres::start(options).await.unwrap().stop().await;
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger lives");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

/// This same test program, running only the helper below.
fn run_supervisor(data_folder: &std::path::Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", HELPER, "--ignored"])
        .env(FOLDER, data_folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
#[ignore = "a helper: another test starts it in a process of its own, to be killed"]
async fn a_supervisor_of_its_own() {
    #[expect(clippy::disallowed_methods, reason = "how one test process tells another its folder")]
    let Some(data_folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let server = PrivatePostgres::start(Options::new(&data_folder)).await.unwrap();
    psql(&server.owner_url(), "CREATE TABLE IF NOT EXISTS public.kept AS SELECT 42 AS n").unwrap();
    fs::write(data_folder.join("ready"), "").unwrap();
    std::future::pending::<()>().await;
}
