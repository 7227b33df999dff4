//! The ordinary life of a cluster: first start, logins, stop, second start, refusals.

use std::fs;
use std::time::Instant;

use private_postgres::{PrivatePostgres, StartError, State};

use crate::{mode, open_folder, processes, psql, quick};

#[tokio::test]
async fn two_logins_work_and_the_run_time_login_owns_and_creates_nothing() {
    let folder = open_folder();
    let server = PrivatePostgres::start(quick(folder.path())).await.unwrap();
    let (owner, app) = (server.owner_url(), server.app_url());

    let row = "SELECT current_user, current_database(), (SELECT rolinherit OR rolsuper OR rolcreaterole \
               OR rolcreatedb FROM pg_roles WHERE rolname = current_user)";
    assert_eq!(psql(&app, row).unwrap(), "carelink_app|carelink|f");
    assert_eq!(psql(&owner, "SELECT current_user").unwrap(), "carelink_owner");
    assert_eq!(psql(&owner, "SHOW server_encoding").unwrap(), "UTF8");
    assert_eq!(psql(&owner, "SHOW data_checksums").unwrap(), "on");
    assert_eq!(psql(&owner, "SHOW listen_addresses").unwrap(), "");
    assert_eq!(psql(&owner, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user").unwrap(), "f");

    for refused in ["CREATE TABLE t ()", "CREATE SCHEMA s", "CREATE TEMP TABLE t ()", "CREATE ROLE r"] {
        assert!(psql(&app, refused).unwrap_err().contains("permission denied"), "{refused}");
    }

    // What every establishment needs: a role and a schema, and the run-time login takes the role on.
    let make = "CREATE ROLE t_1; GRANT t_1 TO carelink_owner; GRANT t_1 TO carelink_app; \
                CREATE SCHEMA t_1 AUTHORIZATION t_1; CREATE TABLE public.mine ()";
    psql(&owner, make).unwrap();
    assert!(psql(&app, "CREATE TABLE t_1.x ()").unwrap_err().contains("permission denied"));
    psql(&app, "SET ROLE t_1; CREATE TABLE t_1.x ()").unwrap();
    server.stop().await;
}

#[tokio::test]
async fn nobody_enters_without_the_right_password_and_no_superuser_at_all() {
    let folder = open_folder();
    let server = PrivatePostgres::start(quick(folder.path())).await.unwrap();
    let home = server.folder().to_owned();
    for file in ["owner.password", "app.password", "lock", "postgres.log"] {
        assert_eq!(mode(home.join(file)), 0o600, "{file}");
    }
    assert_eq!((mode(home.join("data")), mode(server.socket_folder())), (0o700, 0o700));

    let enter = |user: &str, password: &str| {
        let host = server.socket_folder().display();
        let url = format!("postgres://{user}:{password}@localhost/carelink?host={host}");
        let told = std::process::Command::new("psql").args(["-X", "-w", "-c", "SELECT 1", &url]).output();
        String::from_utf8(told.unwrap().stderr).unwrap()
    };
    let app = fs::read_to_string(home.join("app.password")).unwrap();
    assert_eq!(enter("carelink_app", app.trim()), "");
    assert!(enter("carelink_owner", app.trim()).contains("password authentication failed"));
    assert!(enter("carelink_superuser", "x").contains("no pg_hba.conf entry"));
    assert!(!format!("{server:?}").contains(app.trim()));

    // What people type must not reach the log: neither statements nor details.
    let typed =
        "CREATE TABLE public.p (name text UNIQUE); INSERT INTO public.p VALUES ('Dupont'), ('Dupont')";
    psql(&server.owner_url(), typed).unwrap_err();
    let log = fs::read_to_string(home.join("postgres.log")).unwrap();
    assert!(log.contains("duplicate key") && !log.contains("Dupont"), "{log}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_start_finds_the_data_and_a_stop_ends_every_process() {
    let folder = open_folder();
    let mut options = quick(folder.path());
    options.fsync = true; // as in production, for the times
    // A first start that was cut short leaves this, and it must not matter.
    let half = options.data_folder.join("postgres/new-1234");
    fs::create_dir_all(&half).unwrap();
    fs::set_permissions(&options.data_folder, fs::metadata(folder.path()).unwrap().permissions()).unwrap();
    fs::set_permissions(half.parent().unwrap(), fs::metadata(folder.path()).unwrap().permissions()).unwrap();
    let began = Instant::now();
    let server = PrivatePostgres::start(options.clone()).await.unwrap();
    println!("first start: {:?}", began.elapsed());
    let home = server.folder().to_owned();
    assert!(!half.exists());
    psql(&server.owner_url(), "CREATE TABLE public.kept AS SELECT 42 AS n").unwrap();
    let (url, mut state) = (server.owner_url(), server.watch());
    let (postmasters, others) = processes(&home);
    assert!(postmasters.len() == 1 && others >= 4);
    assert_eq!(*state.borrow(), State::Running { pid: postmasters[0] });
    // Its own group: a Ctrl-C in the terminal does not reach it.
    let pid = rustix::process::Pid::from_raw(postmasters[0].cast_signed());
    assert_eq!(rustix::process::getpgid(pid).ok(), pid);
    let environment = fs::read_to_string(format!("/proc/{}/environ", postmasters[0])).unwrap();
    assert!(!environment.contains("CARGO"), "the server's environment reaches PostgreSQL");

    let began = Instant::now();
    server.stop().await;
    println!("stop: {:?}", began.elapsed());
    assert_eq!(processes(&home), (vec![], 0));
    assert_eq!(*state.borrow_and_update(), State::Stopped);
    assert!(!home.join("data/postmaster.pid").exists());

    let began = Instant::now();
    let server = PrivatePostgres::start(options.clone()).await.unwrap();
    println!("second start: {:?}", began.elapsed());
    assert_eq!(server.owner_url(), url);
    assert_eq!(psql(&url, "SELECT n FROM public.kept").unwrap(), "42");

    // Dropped without a stop: as final, if less polite.
    drop(server);
    assert_eq!(processes(&home), (vec![], 0));

    // Passwords lost (a backup without them): new ones, same data.
    fs::remove_file(home.join("app.password")).unwrap();
    let server = start_when_free(&options).await;
    assert_ne!(server.owner_url(), url);
    assert_eq!(psql(&server.owner_url(), "SELECT n FROM public.kept").unwrap(), "42");
    psql(&server.app_url(), "SELECT 1").unwrap();
    server.stop().await;
}

/// After a mere drop the folder is free a moment later.
async fn start_when_free(options: &private_postgres::Options) -> PrivatePostgres {
    loop {
        match PrivatePostgres::start(options.clone()).await {
            Err(StartError::InUse { .. }) => tokio::task::yield_now().await,
            other => return other.unwrap(),
        }
    }
}

#[tokio::test]
async fn a_folder_in_use_is_refused_and_says_by_whom() {
    let folder = open_folder();
    let server = PrivatePostgres::start(quick(folder.path())).await.unwrap();
    let refused = PrivatePostgres::start(quick(folder.path())).await.unwrap_err();
    assert!(matches!(refused, StartError::InUse { .. }));
    let said = format!("already in use by process {}", std::process::id());
    assert!(refused.to_string().contains(&said), "{refused}");
    psql(&server.app_url(), "SELECT 1").unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_cluster_of_another_version_is_refused_by_name_and_left_alone() {
    let folder = open_folder();
    let server = PrivatePostgres::start(quick(folder.path())).await.unwrap();
    let (version, number) = (server.folder().join("data/PG_VERSION"), server.version());
    server.stop().await;
    fs::write(&version, "12\n").unwrap();
    let refused = PrivatePostgres::start(quick(folder.path())).await.unwrap_err().to_string();
    assert!(refused.contains("made by PostgreSQL 12, and only PostgreSQL "), "{refused}");
    assert!(refused.contains(&number.to_string()) && refused.contains("`postgresql-12`"), "{refused}");
    fs::write(&version, format!("{number}\n")).unwrap();
    PrivatePostgres::start(quick(folder.path())).await.unwrap().stop().await;
}

#[tokio::test]
async fn a_server_that_can_not_start_shows_the_end_of_its_log() {
    let folder = open_folder();
    let server = PrivatePostgres::start(quick(folder.path())).await.unwrap();
    let control = server.folder().join("data/global/pg_control");
    server.stop().await;
    fs::remove_file(control).unwrap();
    let refused = PrivatePostgres::start(quick(folder.path())).await.unwrap_err();
    assert!(matches!(refused, StartError::Ended { .. }));
    assert!(refused.to_string().contains("could not find the database system"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_that_is_given_up_ends_in_order() {
    let folder = open_folder();
    let options = quick(folder.path());
    let home = options.data_folder.join("postgres");
    let given_up = PrivatePostgres::start_unless(options.clone(), async {}).await;
    assert!(matches!(given_up, Err(StartError::Stopped)), "{given_up:?}");
    assert_eq!(processes(&home), (vec![], 0));
    let server = PrivatePostgres::start(options).await.unwrap();
    let log = fs::read_to_string(home.join("postgres.log")).unwrap();
    assert!(!log.contains("recovery"), "it was shut down, not cut off: {log}");
    server.stop().await;
}
