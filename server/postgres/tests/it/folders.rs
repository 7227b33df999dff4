//! Folders that do not fit: too long for a socket, closed to the user who runs `PostgreSQL`.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use private_postgres::{PrivatePostgres, StartError};

use crate::{closed_folder, is_root, open_folder, processes, psql, quick};

#[tokio::test]
async fn a_path_too_long_for_a_socket_gets_a_short_one() {
    let folder = open_folder();
    let mut options = quick(folder.path());
    options.data_folder = folder.path().join("é".repeat(50)).join("un dossier, \"long\"");
    let server = PrivatePostgres::start(options).await.unwrap();
    assert!(server.folder().starts_with(folder.path()));
    let socket = server.socket_folder().to_owned();
    assert!(!socket.starts_with(folder.path()) && socket.as_os_str().len() < 60, "{}", socket.display());
    psql(&server.app_url(), "SELECT 1").unwrap();
    server.stop().await;
    fs::remove_dir(&socket).unwrap();
}

#[tokio::test]
async fn spaces_and_accents_in_a_path_do_no_harm() {
    let folder = open_folder();
    let mut options = quick(folder.path());
    options.data_folder = folder.path().join("données d'ici & là");
    let server = PrivatePostgres::start(options).await.unwrap();
    assert!(server.socket_folder().starts_with(server.folder()));
    psql(&server.app_url(), "SELECT 1").unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_folder_closed_to_its_user_is_replaced_and_the_choice_is_kept() {
    if !is_root() {
        println!("skipped: needs root");
        return;
    }
    let (closed, open) = (closed_folder(), open_folder());
    let mut options = quick(closed.path());
    options.fallback_root = open.path().join("elsewhere");
    let server = PrivatePostgres::start(options.clone()).await.unwrap();
    let home = server.folder().to_owned();
    assert!(home.starts_with(&options.fallback_root), "{}", home.display());
    assert_eq!(server.instead_of(), Some(options.data_folder.join("postgres").as_path()));
    psql(&server.owner_url(), "CREATE TABLE public.kept AS SELECT 42 AS n").unwrap();
    assert_eq!(processes(&home).0.len(), 1);
    let refused = PrivatePostgres::start(options.clone()).await.unwrap_err();
    assert!(matches!(refused, StartError::InUse { .. }), "{refused}");
    server.stop().await;

    // Opened later: the data stays where it is, and is found.
    fs::set_permissions(closed.path(), Permissions::from_mode(0o711)).unwrap();
    let server = PrivatePostgres::start(options).await.unwrap();
    assert_eq!(server.folder(), home);
    assert_eq!(psql(&server.owner_url(), "SELECT n FROM public.kept").unwrap(), "42");
    server.stop().await;
}

#[tokio::test]
async fn data_in_a_folder_that_was_closed_since_is_an_error_and_never_an_empty_database() {
    if !is_root() {
        println!("skipped: needs root");
        return;
    }
    let folder = open_folder();
    let options = quick(folder.path());
    PrivatePostgres::start(options.clone()).await.unwrap().stop().await;
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
    let refused = PrivatePostgres::start(options.clone()).await.unwrap_err();
    assert!(matches!(refused, StartError::Unreachable { .. }), "{refused}");
    assert!(!options.fallback_root.exists());
}

#[tokio::test]
async fn a_copy_that_root_made_is_given_to_its_user() {
    if !is_root() {
        println!("skipped: needs root");
        return;
    }
    let folder = open_folder();
    let mut options = quick(folder.path());
    let server = PrivatePostgres::start(options.clone()).await.unwrap();
    psql(&server.owner_url(), "CREATE TABLE public.kept AS SELECT 42 AS n").unwrap();
    server.stop().await;
    let copy = folder.path().join("copy");
    let copied = std::process::Command::new("cp").arg("-R").arg(&options.data_folder).arg(&copy).status();
    assert!(copied.unwrap().success());
    options.data_folder = copy;
    let server = PrivatePostgres::start(options).await.unwrap();
    assert_eq!(psql(&server.owner_url(), "SELECT n FROM public.kept").unwrap(), "42");
    server.stop().await;
}

#[tokio::test]
async fn missing_programs_name_the_package_to_install() {
    let folder = open_folder();
    let mut options = quick(folder.path());
    options.bin_dir = Some(folder.path().to_owned());
    let refused = PrivatePostgres::start(options).await.unwrap_err().to_string();
    assert!(refused.contains("apt-get install postgresql"), "{refused}");
    assert!(refused.contains("(no postgres)"), "{refused}");
}
