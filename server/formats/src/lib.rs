//! What a stranger's file is, decided by its content and confirmed by walking its whole structure while it
//! streams by. Pure and synchronous: no I/O, no clock, memory bounded by one JPEG segment (64 KiB), whatever
//! the file's size. Two errors count alike: a hostile file accepted and an honest one refused.
//!
//! The walk proves structure, not meaning: pixels and pages are decoded later, in a disposable child process.
//! What it can't see: another format inside a PDF's streams or comments, scripts of a PDF (staff only see
//! rendered pages), text in an ICC profile. What it refuses although some readers repair it: a PDF without
//! `startxref` and `%%EOF`, or whose stream claims to be longer than the file; a JPEG without EOI.

mod exif;
mod jpeg;
mod kind;
pub mod name;
mod pdf;
mod pdf_grammar;
mod pdf_lexer;
mod png;
mod sniff;
mod walk;

pub use kind::{Kind, agrees};
pub use walk::{Options, Outcome, Walk};

/// Most pixels (width × height) that an image may declare. The largest phone sensors write 200 Mpx only when
/// asked to; 100 Mpx is an A2 page at 600 dpi, and bounds what the rendering child has to allocate.
pub const MAX_PIXELS: u64 = 100_000_000;

/// Why a file is not taken. Carries no content, so that it can be logged and translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// Not one byte.
    #[error("the file is empty")]
    Empty,
    /// Neither PDF, JPEG nor PNG, or a variant of JPEG that no viewer shows (lossless, hierarchical, arithmetic).
    #[error("the file is of no accepted type")]
    UnknownType,
    /// The content is of an accepted type, the name or the declared type speak of another. Never returned by
    /// [`Walk`], which knows neither: it is the caller's word when [`agrees`] says no.
    #[error("the file is not of the type that its name promises")]
    TypeMismatch,
    /// Cut short, or broken in a way that no honest program writes.
    #[error("the file is damaged or incomplete")]
    Damaged,
    /// A PDF that is encrypted, even if its password is empty.
    #[error("the file is encrypted")]
    Encrypted,
    /// Starts or continues as another format (archive, HTML, script, executable).
    #[error("the file contains another format")]
    ForeignContent,
    /// More than [`MAX_PIXELS`].
    #[error("the image has too many pixels")]
    TooManyPixels,
}
