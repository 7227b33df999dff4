//! PDF (ISO 32000-1 §7.5): one pass over objects, cross-references and trailers, to the blanks after the last
//! `%%EOF`. The file passes byte for byte, metadata included: changing anything would move the offsets of its
//! cross-reference table and break signatures.
//!
//! Streams are skipped. A `/Length` that stands in the dictionary is believed only if `endstream` follows there
//! (an attached PDF contains `endstream` too); meanwhile a second lexer follows the other reading, that
//! the first `endstream` was the end, and takes over when the length proves wrong. So both honest attachments
//! and honest wrong lengths pass, in one pass, with two small lexers.

use crate::Refusal;
use crate::pdf_lexer::{Event, Lexer};

#[derive(Debug)]
pub(crate) struct Pdf {
    main: Lexer,
    /// The reading that disbelieves the length of the current stream.
    other: Option<Lexer>,
    /// Bytes before `%PDF-`: stored, but not lexed.
    preface: usize,
}

impl Pdf {
    /// `head` is what [`crate::sniff::decide`] found the header in.
    pub(crate) fn new(head: &[u8]) -> Self {
        let preface = memchr::memmem::find(head, crate::sniff::PDF).unwrap_or(0);
        Self { main: Lexer::new(), other: None, preface }
    }

    pub(crate) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        out.extend_from_slice(bytes);
        let skipped = self.preface.min(bytes.len());
        self.preface -= skipped;
        let mut rest = &bytes[skipped..];
        while !rest.is_empty() {
            let (used, event) = self.main.advance(rest);
            let (now, later) = rest.split_at(used);
            if let Some(other) = &mut self.other {
                other.run(now);
            }
            match event {
                Event::None => {}
                Event::EarlyEnd if self.other.is_some() => {}
                Event::EarlyEnd => self.other = Some(self.main.disbelieving()),
                Event::LengthRight => self.other = None,
                Event::LengthWrong => {
                    if let Some(other) = self.other.take() {
                        self.main = other.believing();
                    }
                }
            }
            self.main.verdict()?;
            rest = later;
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<(), Refusal> {
        self.main.finish()
    }
}
