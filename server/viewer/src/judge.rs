//! From the death of a child to a verdict.
//!
//! The child may have been taken over by the document, so nothing it says is believed beyond its shape: numbers
//! within their limits, a picture that begins like the format it claims. Anything else counts as a crash.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use bytes::Bytes;
use rustix::process::Signal;

use crate::outcome::{Incident, Outcome, PageImage};
use crate::protocol::{Answer, EXIT_NO_SANDBOX, Encoding, MAX_LINE, MAX_SIDE, READY, Report, Verdict};

/// How a child ended and what it left behind.
pub(crate) struct Death {
    pub status: ExitStatus,
    /// Standard output.
    pub said: Vec<u8>,
    /// Standard output was longer than allowed, and the rest was not read.
    pub too_long: bool,
    /// The beginning of standard error.
    pub notes: Vec<u8>,
}

/// `picture`: whether one was ordered.
pub(crate) fn judge(death: Death, picture: bool) -> Outcome<PageImage> {
    let Death { status, said, too_long, notes } = death;
    let notes = readable(&notes);
    if !said.starts_with(READY) {
        return Err(if status.code() == Some(EXIT_NO_SANDBOX.into()) {
            Incident::NoSandbox(notes)
        } else {
            Incident::NotReady { status, notes }
        });
    }
    if !notes.is_empty() {
        tracing::warn!(%status, notes, "viewer child");
    }
    if too_long {
        return Ok(Err(Verdict::TooLarge));
    }
    if !status.success() {
        return Ok(Err(cause(status, &notes)));
    }
    Ok(answer(&Bytes::from(said).slice(READY.len()..), picture))
}

/// Rust tells of memory that it didn't get, then aborts; the soft limit of processor time has a signal of its own.
fn cause(status: ExitStatus, notes: &str) -> Verdict {
    match status.signal() {
        Some(s) if s == Signal::XCPU.as_raw() => Verdict::TimedOut,
        Some(s) if s == Signal::ABORT.as_raw() && notes.contains("memory allocation of ") => {
            Verdict::TooLarge
        }
        _ => Verdict::Crashed,
    }
}

fn answer(said: &Bytes, picture: bool) -> Result<PageImage, Verdict> {
    let end = said.iter().take(usize::try_from(MAX_LINE).unwrap_or(usize::MAX)).position(|b| *b == b'\n');
    let end = end.ok_or(Verdict::Crashed)?;
    let answer = serde_json::from_slice(&said[..end]).map_err(|_| Verdict::Crashed)?;
    let Report { pages, width, height, complete, encoding } = match answer {
        Answer::Done(report) => report,
        Answer::Refused(verdict) => return Err(verdict),
    };
    let bytes = said.slice(end + 1..);
    let (mime, begins): (_, &[u8]) = match encoding {
        Encoding::Jpeg => ("image/jpeg", b"\xff\xd8\xff"),
        Encoding::Png => ("image/png", b"\x89PNG\r\n\x1a\n"),
    };
    // A page of extreme shape may be rounded up by a pixel.
    let sides = 1..=MAX_SIDE + 1;
    let sound = pages > 0
        && sides.contains(&width)
        && sides.contains(&height)
        && if picture { bytes.starts_with(begins) } else { bytes.is_empty() };
    if sound { Ok(PageImage { bytes, mime, width, height, pages, complete }) } else { Err(Verdict::Crashed) }
}

/// Text for a log: no control characters, no line breaks.
fn readable(notes: &[u8]) -> String {
    let text = String::from_utf8_lossy(notes);
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn died(raw_status: i32, said: &[u8], notes: &str) -> Outcome<PageImage> {
        let death = Death {
            status: ExitStatus::from_raw(raw_status),
            said: said.to_vec(),
            too_long: false,
            notes: notes.as_bytes().to_vec(),
        };
        judge(death, true)
    }

    fn verdict(raw_status: i32, said: &[u8], notes: &str) -> Verdict {
        died(raw_status, said, notes).unwrap().unwrap_err()
    }

    #[test]
    fn a_child_that_never_was_ready_says_nothing_about_the_document() {
        assert!(matches!(died(0, b"", ""), Err(Incident::NotReady { .. })));
        assert!(matches!(died(9, b"{}", ""), Err(Incident::NotReady { .. })));
        assert!(matches!(died(78 << 8, b"", "no sandbox"), Err(Incident::NoSandbox(_))));
    }

    #[test]
    fn each_way_to_die_has_its_verdict() {
        assert_eq!(verdict(Signal::XCPU.as_raw(), READY, ""), Verdict::TimedOut);
        assert_eq!(verdict(Signal::SYS.as_raw(), READY, ""), Verdict::Crashed);
        assert_eq!(
            verdict(Signal::ABORT.as_raw(), READY, "memory allocation of 9 bytes failed"),
            Verdict::TooLarge
        );
        assert_eq!(verdict(Signal::ABORT.as_raw(), READY, "stack overflow"), Verdict::Crashed);
        assert_eq!(verdict(101 << 8, READY, "panic"), Verdict::Crashed);
    }

    #[test]
    fn a_child_is_not_believed_what_can_not_be() {
        let say = |line: &str, picture: &[u8]| {
            let said = [READY, line.as_bytes(), b"\n", picture].concat();
            died(0, &said, "").unwrap().map(|page| page.mime)
        };
        let report = |width: u32, encoding: &str| {
            format!(
                r#"{{"Done":{{"pages":1,"width":{width},"height":9,"complete":true,"encoding":"{encoding}"}}}}"#
            )
        };
        assert_eq!(say(&report(9, "Jpeg"), b"\xff\xd8\xff"), Ok("image/jpeg"));
        assert_eq!(say(&report(9, "Png"), b"\xff\xd8\xff"), Err(Verdict::Crashed));
        assert_eq!(say(&report(9, "Jpeg"), b"<script>"), Err(Verdict::Crashed));
        assert_eq!(say(&report(0, "Jpeg"), b"\xff\xd8\xff"), Err(Verdict::Crashed));
        assert_eq!(say(&report(9000, "Jpeg"), b"\xff\xd8\xff"), Err(Verdict::Crashed));
        assert_eq!(say(r#"{"Refused":"TooLarge"}"#, b""), Err(Verdict::TooLarge));
        assert_eq!(say("nonsense", b""), Err(Verdict::Crashed));
        assert_eq!(say(&"x".repeat(5000), b""), Err(Verdict::Crashed));
    }
}
