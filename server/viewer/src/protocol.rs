//! What parent and child say to each other: short lines of JSON around raw bytes, over the child's standard streams.
//!
//! Parent to child: one line with an [`Order`], then the document, then the end of the stream. Child to parent:
//! [`READY`] once the sandbox stands and before a byte of the document is read, then one line with an [`Answer`],
//! then the encoded picture, if one was asked for. A child that ends without saying [`READY`] has said nothing
//! about the document: that is how a broken installation is told from a hostile file.

use serde::{Deserialize, Serialize};

/// The child's first line: the limits and the filter are in place.
pub(crate) const READY: &[u8] = b"ready\n";

/// The longest order or answer, in bytes.
pub(crate) const MAX_LINE: u64 = 4096;

/// The child's exit code when the sandbox can't be built (`EX_CONFIG` of `sysexits.h`).
pub(crate) const EXIT_NO_SANDBOX: u8 = 78;

/// The longest side, in pixels, that may be asked for; longer requests are shortened to it.
pub const MAX_SIDE: u32 = 3000;

/// The shortest longest side that makes sense to ask for, in pixels.
pub(crate) const MIN_SIDE: u32 = 16;

/// The format of a document, as decided by its content at intake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// PDF (ISO 32000), not encrypted or with an empty user password.
    Pdf,
    /// JPEG, baseline or progressive.
    Jpeg,
    /// PNG; of an animation, the default image.
    Png,
}

/// Turns of the picture asked for by the reader, clockwise, after the document's own orientation was applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Turn {
    /// As the document says.
    #[default]
    None,
    /// 90° clockwise.
    Right,
    /// 180°.
    Half,
    /// 270° clockwise.
    Left,
}

/// Which page, how large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// The page's number, from 1. A photo has one page.
    pub number: u32,
    /// The longest side of the picture in pixels, brought into 16 ..= [`MAX_SIDE`]. A photo is never enlarged.
    pub max_side: u32,
    /// Turn of the result.
    pub turn: Turn,
}

impl PageRequest {
    /// Page `number` (from 1), at most 2000 pixels long, not turned.
    pub fn new(number: u32) -> Self {
        Self { number, max_side: 2000, turn: Turn::None }
    }
}

/// Why there is no picture: what the attempt says about the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Verdict {
    /// The document can't be parsed or rendered: damaged, encrypted, or not of the kind that was said.
    #[error("the document can't be read")]
    Unreadable,
    /// The document exceeds a limit: bytes, pages, pixels, memory, or the size of the result.
    #[error("the document exceeds a limit")]
    TooLarge,
    /// The document is readable but has no page of that number.
    #[error("the document has no such page")]
    NoSuchPage,
    /// Time ran out, of the processor or of the clock.
    #[error("the document takes too long")]
    TimedOut,
    /// The child died: a defect of a parser, or an attempt that the sandbox ended.
    #[error("the document breaks its renderer")]
    Crashed,
}

/// What the child shall do, and within which limits.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub kind: Kind,
    pub page: PageRequest,
    /// Encode the picture and send it, or only say whether that would work.
    pub picture: bool,
    pub limits: ChildLimits,
}

/// The limits that the child sets on itself or checks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ChildLimits {
    /// Address space, bytes.
    pub memory: u64,
    /// Processor time, seconds.
    pub cpu: u64,
    /// Length of the document, bytes.
    pub input: u64,
    /// Pixels of a photo before scaling.
    pub pixels: u64,
    /// Pages of a PDF.
    pub pages: u32,
    /// Go on without a filter of system calls where there is none to be had.
    pub filter_optional: bool,
}

/// What the child has to say about the document.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Done(Report),
    Refused(Verdict),
}

/// What a rendered page is like.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub pages: u32,
    pub width: u32,
    pub height: u32,
    /// Nothing of the page had to be left out.
    pub complete: bool,
    pub encoding: Encoding,
}

/// How the picture is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Encoding {
    Jpeg,
    Png,
}
