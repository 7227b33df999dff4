//! The log: one structured line per request, written by `layers::request`.

use tracing_subscriber::EnvFilter;

use crate::config::Server;

/// Starts the log on standard error (standard output belongs to commands' answers).
pub fn start(server: &Server) {
    let filter = EnvFilter::try_new(&server.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(true);
    // A second start (tests) keeps the first.
    let _ = match server.log_format {
        crate::config::LogFormat::Json => {
            builder.json().flatten_event(true).with_current_span(false).try_init()
        }
        crate::config::LogFormat::Text => builder.compact().try_init(),
    };
}
