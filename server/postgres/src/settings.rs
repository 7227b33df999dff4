//! The server's two configuration files, written anew at every start: what they say is a property of the
//! product's version, not of the day on which the cluster was made.

use std::path::Path;

use crate::bootstrap::{APP, OWNER};
use crate::error::StartError;
use crate::folder::write;
use crate::options::Options;

/// For a small machine that also runs `CareLink`. The log holds no statement and no detail ("Key (email)=(…)
/// already exists"): they are patients' data.
const SETTINGS: &str = "\
# Written by CareLink at every start: changes are lost.
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 60
shared_buffers = '128MB'
maintenance_work_mem = '64MB'
max_wal_size = '512MB'
jit = off                        # short queries: compiling them costs more than it saves
max_locks_per_transaction = 256  # a dump locks every table of every establishment's schema
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] '
log_checkpoints = off
log_error_verbosity = terse
log_min_messages = error         # every connection is rolled back on release, and a warning each time says nothing
log_min_error_statement = panic
";

pub(crate) fn write_all(home: &Path, options: &Options) -> Result<(), StartError> {
    let mut settings = SETTINGS.to_owned();
    if !options.fsync {
        settings.push_str("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n");
    }
    write(&home.join("postgresql.conf"), settings.as_bytes(), 0o644)?;

    // Why passwords on a socket that only one user can open: the two logins must stay two. With `trust`, who
    // can open the socket as the run-time login could open it as the owner; `peer` cannot tell two roles of
    // one process apart. The superuser has no line and no password: nobody connects as superuser, ever.
    let access = format!(
        "# Written by CareLink at every start: changes are lost.\nlocal all {OWNER},{APP} scram-sha-256\n"
    );
    write(&home.join("pg_hba.conf"), access.as_bytes(), 0o644)
}
