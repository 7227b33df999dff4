//! The two logins and the database. The SQL runs in single-user mode, before any server listens: so no
//! superuser ever needs a password or a way in.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use crate::cluster::{Cluster, run};
use crate::error::StartError;
use crate::secret::{self, Secret};
use crate::verifier;

/// Owns the cluster's own objects; cannot connect.
pub(crate) const SUPERUSER: &str = "carelink_superuser";
/// Owns the database, migrates it and creates the establishments' roles.
pub(crate) const OWNER: &str = "carelink_owner";
/// The run-time login: owns nothing, and inherits nothing from the roles that it may take on.
pub(crate) const APP: &str = "carelink_app";

/// Roles and database of a new cluster. From 16 on, who creates a role (`CREATEROLE`) has the admin option on
/// it and may grant it, to [`APP`] or to himself; in 15 any holder of `CREATEROLE` may.
pub(crate) fn first(cluster: &Cluster, data: &Path) -> Result<(), StartError> {
    let (owner, app) = (verifier(&cluster.owner)?, verifier(&cluster.app)?);
    let database = &cluster.options.database;
    let create = if cluster.options.create_databases { " CREATEDB" } else { "" };
    let sql = [
        // In template1, so that every database made later is born closed.
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC".to_owned(),
        format!("CREATE ROLE {OWNER} LOGIN CREATEROLE{create} PASSWORD '{owner}'"),
        format!("CREATE ROLE {APP} LOGIN NOINHERIT PASSWORD '{app}'"),
        format!("CREATE DATABASE {database} OWNER {OWNER}"),
        format!("REVOKE ALL ON DATABASE {database}, postgres, template1 FROM PUBLIC"),
        format!("GRANT CONNECT ON DATABASE {database} TO {APP}"),
    ];
    // Without fsync: the caller writes the whole new cluster to the disk afterwards.
    let mut server = cluster.server(Some("--single"), data);
    server.args(["-c", "fsync=off"]);
    single_user("creating the database's logins", server, &sql)
}

/// Keeps the passwords. Last, so that a file that is there is a password that works.
pub(crate) fn remember(cluster: &Cluster) -> Result<(), StartError> {
    cluster.owner.keep(&cluster.place.home.join("owner.password"))?;
    cluster.app.keep(&cluster.place.home.join("app.password"))
}

/// Reads the passwords; where one is missing (a first start that was cut short, a backup without them), both
/// logins get new ones.
pub(crate) fn recall(cluster: &mut Cluster) -> Result<(), StartError> {
    let owner = Secret::kept(&cluster.place.home.join("owner.password"))?;
    let app = Secret::kept(&cluster.place.home.join("app.password"))?;
    if let (Some(owner), Some(app)) = (owner, app) {
        cluster.owner = owner;
        cluster.app = app;
        return Ok(());
    }
    tracing::warn!(folder = %cluster.place.home.display(), "no passwords kept for the database: sets new ones");
    let sql = [
        format!("ALTER ROLE {OWNER} PASSWORD '{}'", verifier(&cluster.owner)?),
        format!("ALTER ROLE {APP} PASSWORD '{}'", verifier(&cluster.app)?),
    ];
    let server = cluster.server(Some("--single"), &cluster.data);
    single_user("setting the logins' passwords", server, &sql)?;
    remember(cluster)
}

fn verifier(password: &Secret) -> Result<String, StartError> {
    Ok(verifier::of(password, secret::bytes()?))
}

fn single_user(step: &'static str, mut server: Command, sql: &[String]) -> Result<(), StartError> {
    // The settings keep statements, and so passwords, out of what an error prints.
    server.args(["-c", "exit_on_error=on", "template1"]);
    let input = sql.iter().fold(String::new(), |mut input, statement| {
        let _ = writeln!(input, "{statement};");
        input
    });
    run(step, server, &input)
}
