//! The walk itself: collects the first bytes until the type is known, then hands everything to that type's
//! state machine. Any cutting of the file into chunks gives the same result, refusals included.

use memchr::memmem;

use crate::jpeg::Jpeg;
use crate::pdf::Pdf;
use crate::png::Png;
use crate::{Kind, Refusal, sniff};

/// What the caller may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Drop position, device, thumbnails and comments from images; keep orientation and colour. Without it
    /// they stay, but what follows the end of an image is cut off all the same. PDFs are never changed.
    pub drop_metadata: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { drop_metadata: true }
    }
}

/// What a file that was walked to its end turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Its type, by content.
    pub kind: Kind,
    /// Something inside the image was dropped or rewritten (metadata, animation, thumbnails, padding).
    pub stripped: bool,
    /// Bytes after the end of the image that were dropped (gain maps, second pictures, films, anything).
    pub trailing_dropped: u64,
    /// Pixels across, before orientation; `None` for a PDF.
    pub width: Option<u32>,
    /// Pixels down, before orientation; `None` for a PDF.
    pub height: Option<u32>,
}

/// One file on its way in. Push its bytes, then [`finish`](Self::finish). Bytes appended to `out` are only good
/// once `finish` said so: a file can prove damaged at its last byte.
#[derive(Debug)]
pub struct Walk {
    options: Options,
    stage: Stage,
    /// The first bytes to be stored of an image: see [`Self::guard`].
    stored_head: Vec<u8>,
    refused: Option<Refusal>,
}

#[derive(Debug)]
enum Stage {
    Head(Vec<u8>),
    Jpeg(Jpeg),
    Png(Png),
    Pdf(Box<Pdf>),
}

impl Walk {
    /// Begins a file.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, stage: Stage::Head(Vec::new()), stored_head: Vec::new(), refused: None }
    }

    /// The type, as soon as the first bytes have shown it (3 to 1024 of them).
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self.stage {
            Stage::Head(_) => None,
            Stage::Jpeg(_) => Some(Kind::Jpeg),
            Stage::Png(_) => Some(Kind::Png),
            Stage::Pdf(_) => Some(Kind::Pdf),
        }
    }

    /// Feeds the next bytes; what is to be stored is appended to `out`, at times less than came in, at times a
    /// little later. A refusal is final: every later call repeats it.
    pub fn push(&mut self, chunk: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        if let Some(refusal) = self.refused {
            return Err(refusal);
        }
        let result = self.advance(chunk, out);
        self.refused = result.err();
        result
    }

    /// Ends the file.
    pub fn finish(self, out: &mut Vec<u8>) -> Result<Outcome, Refusal> {
        let _ = out; // Nothing lags at an accepted end today; the signature leaves room for a type that does.
        if let Some(refusal) = self.refused {
            return Err(refusal);
        }
        let image = |kind, (width, height), stripped, trailing_dropped| Outcome {
            kind,
            stripped,
            trailing_dropped,
            width: Some(width),
            height: Some(height),
        };
        match self.stage {
            Stage::Head(head) => Err(sniff::too_short(&head)),
            Stage::Jpeg(jpeg) => {
                jpeg.finish().map(|end| image(Kind::Jpeg, end.size, end.stripped, end.trailing))
            }
            Stage::Png(png) => png.finish().map(|end| image(Kind::Png, end.size, end.stripped, end.trailing)),
            Stage::Pdf(pdf) => pdf.finish().map(|()| Outcome {
                kind: Kind::Pdf,
                stripped: false,
                trailing_dropped: 0,
                width: None,
                height: None,
            }),
        }
    }

    fn advance(&mut self, chunk: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let Stage::Head(head) = &mut self.stage else { return self.feed(chunk, out) };
        let (now, later) = chunk.split_at(chunk.len().min(sniff::HEAD - head.len()));
        head.extend_from_slice(now);
        let Some(decision) = sniff::decide(head) else { return Ok(()) };
        let head = std::mem::take(head);
        self.stage = match decision? {
            Kind::Jpeg => Stage::Jpeg(Jpeg::new(self.options)),
            Kind::Png => Stage::Png(Png::new(self.options)),
            Kind::Pdf => Stage::Pdf(Box::new(Pdf::new(&head))),
        };
        self.feed(&head, out)?;
        self.feed(later, out)
    }

    fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let before = out.len();
        let result = match &mut self.stage {
            Stage::Jpeg(jpeg) => jpeg.push(bytes, out),
            Stage::Png(png) => png.push(bytes, out),
            Stage::Pdf(pdf) => return pdf.push(bytes, out),
            Stage::Head(_) => return Ok(()),
        };
        // Before the walk's own verdict, so that the answer doesn't depend on how the file was cut.
        self.guard(&out[before..])?;
        result
    }

    /// An image whose stored beginning holds a PDF header would open as a PDF elsewhere.
    fn guard(&mut self, stored: &[u8]) -> Result<(), Refusal> {
        let missing = sniff::HEAD - self.stored_head.len();
        if missing == 0 || stored.is_empty() {
            return Ok(());
        }
        self.stored_head.extend_from_slice(&stored[..stored.len().min(missing)]);
        match memmem::find(&self.stored_head, sniff::PDF) {
            Some(_) => Err(Refusal::ForeignContent),
            None => Ok(()),
        }
    }
}

/// What an image's state machine knows at its end.
pub(crate) struct ImageEnd {
    pub(crate) size: (u32, u32),
    pub(crate) stripped: bool,
    pub(crate) trailing: u64,
}

/// Dimensions that an image may have.
pub(crate) fn check_size(width: u32, height: u32) -> Result<(u32, u32), Refusal> {
    match u64::from(width) * u64::from(height) {
        0 => Err(Refusal::Damaged),
        pixels if pixels > crate::MAX_PIXELS => Err(Refusal::TooManyPixels),
        _ => Ok((width, height)),
    }
}
