//! The child's life: give up every right, read the document, render, answer, end.
//!
//! Order matters. The limits and the filter stand before the first byte of the document is read, and [`READY`]
//! tells the parent so. Nothing that is written to standard error comes from the document: of a panic only the
//! place in our own sources is told, since its message may quote what was being parsed.

use std::io::{self, BufRead, Read, StdinLock, Write};
use std::process::ExitCode;

use crate::picture::Page;
use crate::protocol::{Answer, EXIT_NO_SANDBOX, Encoding, Kind, MAX_LINE, Order, READY, Report, Verdict};
use crate::sandbox::{self, NoSandbox};
use crate::{render_image, render_pdf};

/// The first argument with which the binary becomes the child.
pub const CHILD_COMMAND: &str = "viewer-child";

/// The whole life of the child: reads one order and one document on standard input, answers on standard output.
///
/// Call it first thing in `main`, before any thread or runtime exists, and return its code. It speaks
/// the private protocol of [`crate::Viewer`]; a person who runs it by hand gets an error.
pub fn child_main() -> ExitCode {
    child_main_after(|_| {})
}

/// [`child_main`] for this crate's tests: `deed` runs in the sandbox, with the document, before the rendering.
#[doc(hidden)]
pub fn child_main_after(deed: fn(&[u8])) -> ExitCode {
    std::panic::set_hook(Box::new(|info| match info.location() {
        Some(place) => complain(&format!("panic at {place}")),
        None => complain("panic"),
    }));
    match live(deed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(End::NoSandbox(e)) => {
            complain(&format!("no sandbox: {e}"));
            ExitCode::from(EXIT_NO_SANDBOX)
        }
        Err(End::Io(e)) => {
            complain(&format!("standard streams: {e}"));
            ExitCode::FAILURE
        }
    }
}

/// Why the child ends without an answer.
#[derive(Debug, thiserror::Error)]
enum End {
    #[error(transparent)]
    NoSandbox(#[from] NoSandbox),
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn live(deed: fn(&[u8])) -> Result<(), End> {
    sandbox::limit_always()?;
    let mut stdin = io::stdin().lock();
    let order = read_order(&mut stdin)?;
    sandbox::limit_order(order.limits.memory, order.limits.cpu)?;
    match sandbox::filter() {
        Err(e) if !order.limits.filter_optional => return Err(e.into()),
        Err(e) => complain(&format!("going on without: {e}")),
        Ok(()) => {}
    }
    let mut stdout = io::stdout().lock();
    stdout.write_all(READY)?;
    stdout.flush()?;

    let page = read_document(&mut stdin, order.limits.input)?.and_then(|document| {
        deed(&document);
        render(&order, document)
    });
    let (answer, picture) = match page.and_then(|page| finish(&order, page)) {
        Ok((report, picture)) => (Answer::Done(report), picture),
        Err(verdict) => (Answer::Refused(verdict), Vec::new()),
    };
    serde_json::to_writer(&mut stdout, &answer).map_err(io::Error::from)?;
    stdout.write_all(b"\n")?;
    stdout.write_all(&picture)?;
    stdout.flush()?;
    Ok(())
}

fn read_order(stdin: &mut StdinLock<'_>) -> io::Result<Order> {
    let mut line = Vec::new();
    stdin.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
    Ok(serde_json::from_slice(&line)?)
}

/// The whole document in memory, or the verdict that it is too long.
fn read_document(stdin: &mut StdinLock<'_>, limit: u64) -> io::Result<Result<Vec<u8>, Verdict>> {
    let mut document = Vec::new();
    let read = stdin.take(limit.saturating_add(1)).read_to_end(&mut document)?;
    Ok(if read as u64 > limit { Err(Verdict::TooLarge) } else { Ok(document) })
}

fn render(order: &Order, document: Vec<u8>) -> Result<Page, Verdict> {
    match order.kind {
        Kind::Pdf => render_pdf::render(order, document),
        Kind::Jpeg => render_image::render(order, &document, image::ImageFormat::Jpeg),
        Kind::Png => render_image::render(order, &document, image::ImageFormat::Png),
    }
}

/// Turns and encodes the page, if the parent wants to see it.
fn finish(order: &Order, page: Page) -> Result<(Report, Vec<u8>), Verdict> {
    let Page { pages, complete, pixels } = page;
    let pixels = crate::picture::turned(pixels, order.page.turn);
    let (width, height) = pixels.dimensions();
    let (encoding, bytes) = if order.picture {
        crate::picture::encoded(&pixels, order.kind)?
    } else {
        (Encoding::Png, Vec::new())
    };
    Ok((Report { pages, width, height, complete, encoding }, bytes))
}

/// One line for the parent's log; nobody is left to tell if that fails.
fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
