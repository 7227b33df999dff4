//! The parent's half: starts a child for one page, feeds it, waits no longer than allowed, and judges what came back.
//!
//! At most a few children live at once; the rest wait. Dropping the future kills the child. The clock for the
//! rendering starts when the document is delivered, so that a slow store is never blamed on the document.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::child::CHILD_COMMAND;
use crate::judge::{Death, judge};
use crate::outcome::{Incident, Limits, Outcome, PageImage, Probe};
use crate::protocol::{ChildLimits, Kind, Order, PageRequest, Verdict};

/// How much of the child's standard error goes to the log, in bytes.
const NOTES: u64 = 4096;

/// Makes pictures of documents, each in a child process of its own. Clones share the limit of concurrency.
#[derive(Clone, Debug)]
pub struct Viewer {
    program: PathBuf,
    limits: Limits,
    places: Arc<Semaphore>,
}

impl Viewer {
    /// `program` is the binary that calls [`crate::child_main`] for [`CHILD_COMMAND`], as an absolute path; on Linux
    /// `/proc/self/exe` is best, since it stays this very version while the file is being replaced. At most
    /// `concurrency` children (at least one) run at once: each may use up to [`Limits::memory`].
    pub fn new(program: impl Into<PathBuf>, concurrency: usize, limits: Limits) -> Self {
        Self { program: program.into(), limits, places: Arc::new(Semaphore::new(concurrency.max(1))) }
    }

    /// Can this be shown? Renders the first page, small, and throws it away.
    ///
    /// `input` is the whole document, read to its end, e.g. `&bytes[..]` or a stream out of the vault.
    pub async fn probe(&self, kind: Kind, input: impl AsyncRead + Unpin + Send) -> Outcome<Probe> {
        let page = PageRequest { max_side: 400, ..PageRequest::new(1) };
        let done = self.run(kind, page, false, input).await?;
        Ok(done.map(|page| Probe { pages: page.pages, complete: page.complete }))
    }

    /// The picture of one page. `input` as for [`Self::probe`].
    pub async fn page(
        &self,
        kind: Kind,
        input: impl AsyncRead + Unpin + Send,
        page: PageRequest,
    ) -> Outcome<PageImage> {
        self.run(kind, page, true, input).await
    }

    async fn run(
        &self,
        kind: Kind,
        page: PageRequest,
        picture: bool,
        input: impl AsyncRead + Unpin + Send,
    ) -> Outcome<PageImage> {
        let _place = self.places.acquire().await.map_err(|e| Incident::Lost(io::Error::other(e)))?;
        let order = Order { kind, page, picture, limits: self.child_limits() };
        let mut child = self.spawn()?;
        let stdin = child.stdin.take().ok_or_else(closed)?;
        timeout(self.limits.feed, feed(stdin, &order, input))
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            .map_err(Incident::Input)?;

        let Ok(death) = timeout(self.limits.wall, self.listen(&mut child)).await else {
            child.kill().await.map_err(Incident::Lost)?;
            return Ok(Err(Verdict::TimedOut));
        };
        judge(death.map_err(Incident::Lost)?, picture)
    }

    fn spawn(&self) -> Result<Child, Incident> {
        Command::new(&self.program)
            .arg(CHILD_COMMAND)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|source| Incident::Spawn { program: self.program.clone(), source })
    }

    /// Everything the child says until it ends; of too much, only that it was too much.
    async fn listen(&self, child: &mut Child) -> io::Result<Death> {
        let stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let stderr = child.stderr.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let output = async {
            let mut said = Vec::new();
            // Dropping the pipe here ends a child that goes on writing.
            stdout.take(self.limits.output.saturating_add(1)).read_to_end(&mut said).await.map(|_| said)
        };
        let notes = async {
            let (mut notes, mut stderr) = (Vec::new(), stderr);
            (&mut stderr).take(NOTES).read_to_end(&mut notes).await?;
            tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await.map(|_| notes)
        };
        let (said, notes, status) = tokio::join!(output, notes, child.wait());
        let said = said?;
        let too_long = said.len() as u64 > self.limits.output;
        Ok(Death { status: status?, said, too_long, notes: notes? })
    }

    fn child_limits(&self) -> ChildLimits {
        ChildLimits {
            memory: self.limits.memory,
            cpu: self.limits.cpu.as_secs().max(1),
            input: self.limits.input,
            pixels: self.limits.pixels,
            pages: self.limits.pages,
            filter_optional: self.limits.filter_optional,
        }
    }
}

fn closed() -> Incident {
    Incident::Lost(io::ErrorKind::BrokenPipe.into())
}

/// Sends the order and the document. Only the caller's stream can fail: a child that no longer listens has its
/// reasons, and tells them on standard output.
async fn feed(
    mut stdin: ChildStdin,
    order: &Order,
    mut input: impl AsyncRead + Unpin + Send,
) -> io::Result<()> {
    let mut line = serde_json::to_vec(order)?;
    line.push(b'\n');
    let mut heard = stdin.write_all(&line).await;
    let mut chunk = vec![0; 64 * 1024];
    while heard.is_ok() {
        let read = input.read(&mut chunk).await?;
        if read == 0 {
            heard = stdin.shutdown().await;
            break;
        }
        heard = stdin.write_all(&chunk[..read]).await;
    }
    drop(heard);
    Ok(())
}
