//! `carelink`: the server and its command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    // The viewer's child must lock itself up before there is any thread.
    if std::env::args_os().nth(1).is_some_and(|first| first == viewer::CHILD_COMMAND) {
        return viewer::child_main();
    }
    server::cli::main()
}
