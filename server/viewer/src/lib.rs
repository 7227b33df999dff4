//! The disposable child process that turns documents into pictures.
//!
//! Parsers of PDF, JPEG and PNG are large, and the files come from strangers. So the parsing happens in a child
//! of the same binary (`carelink viewer-child`) that can compute, read its standard input and write its standard
//! output, and nothing else: no files, no network, no other process, little memory, little time. Staff look at
//! the pixels it made. If it dies, that says something about the document, not about the server: it is a
//! [`Verdict`], not an [`Incident`].
//!
//! - The parent's half is [`Viewer`].
//! - The child's half is [`child_main`]; the binary calls it when its first argument is [`CHILD_COMMAND`], before
//!   it starts a runtime or any thread.

mod child;
mod judge;
mod outcome;
mod picture;
mod protocol;
mod render_image;
mod render_pdf;
mod sandbox;
mod viewer;

#[doc(hidden)]
pub use child::child_main_after;
pub use child::{CHILD_COMMAND, child_main};
pub use outcome::{Incident, Limits, Outcome, PageImage, Probe};
pub use protocol::{Kind, MAX_SIDE, PageRequest, Turn, Verdict};
pub use viewer::Viewer;
