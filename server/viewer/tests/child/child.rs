//! The child of the integration tests: `child_main`, and the misdeeds that a hostile document could try once it
//! owns the process. Each is asked for by a line at the very beginning of the document.

use std::hint::black_box;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    assert_eq!(std::env::args().nth(1).as_deref(), Some(viewer::CHILD_COMMAND));
    assert_eq!(std::env::vars_os().count(), 0, "the child inherits no environment");
    assert_eq!(std::env::current_dir().ok().as_deref(), Some(std::path::Path::new("/")));
    viewer::child_main_after(misbehave)
}

fn misbehave(document: &[u8]) {
    let Some(deed) = document.strip_prefix(b"deed: ") else { return };
    let survived = match deed {
        b"open a file" => std::fs::File::open("/etc/passwd").is_ok(),
        b"write a file" => std::fs::File::create("/tmp/viewer-was-here").is_ok(),
        b"open a socket" => std::net::TcpStream::connect("127.0.0.1:1").is_ok(),
        b"listen" => std::net::TcpListener::bind("127.0.0.1:0").is_ok(),
        b"run a program" => std::process::Command::new("/bin/true").status().is_ok(),
        b"start a thread" => std::thread::spawn(|| ()).join().is_ok(),
        b"sleep" => {
            std::thread::sleep(std::time::Duration::from_secs(1));
            true
        }
        b"kill the parent" => {
            let parent = rustix::process::getppid();
            parent.is_some_and(|p| rustix::process::kill_process(p, rustix::process::Signal::USR1).is_ok())
        }
        b"spin" => loop {
            black_box(0);
        },
        b"eat memory" => black_box(vec![1_u8; 4 << 30]).len() > 1,
        b"recurse" => recurse(0) > 0,
        b"panic" => panic!("{}", String::from_utf8_lossy(document)),
        b"chatter" => loop {
            if std::io::stdout().write_all(&[b'x'; 4096]).is_err() {
                std::process::exit(1);
            }
        },
        b"lie" => std::io::stdout().write_all(b"{\"Done\":{}}\n").is_ok(),
        b"shout" => std::io::stderr().write_all(&vec![b'x'; 1 << 20]).is_ok(),
        b"nothing" => true,
        _ => false,
    };
    // Who gets here was not killed, and says so in an answer that no document of these tests would get.
    let answer = if survived { "NoSuchPage" } else { "Unreadable" };
    println!("{{\"Refused\":\"{answer}\"}}");
    std::process::exit(0);
}

#[expect(unconditional_recursion, reason = "that is the deed")]
fn recurse(depth: u64) -> u64 {
    let here = black_box([depth; 64]);
    recurse(black_box(depth + 1)) + here[0]
}
