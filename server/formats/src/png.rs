//! PNG (W3C PNG third edition §5, §11): chunk by chunk, every CRC checked, to IEND. What follows IEND is dropped
//! (the "acropalypse" leftovers of cropped screenshots among it), and so are animation frames: pixels that a
//! viewer of the still picture never shows.

use crc32fast::Hasher;

use crate::walk::{ImageEnd, Options, check_size};
use crate::{Refusal, exif};

/// What decides how pixels are shown (§11.3.2, palettes, background, density).
const KEPT: &[&[u8; 4]] = &[
    b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"tRNS", b"bKGD", b"pHYs",
    b"hIST", b"sPLT",
];
const ANIMATION: &[&[u8; 4]] = &[b"acTL", b"fcTL", b"fdAT"];
/// The most that is held of an eXIf chunk: a larger one is dropped unread.
const MAX_EXIF: u32 = 64 * 1024;

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one file, not a state")]
pub(crate) struct Png {
    options: Options,
    state: State,
    crc: Hasher,
    kind: [u8; 4],
    fate: Fate,
    /// A held chunk's data.
    held: Vec<u8>,
    size: Option<(u32, u32)>,
    indexed: bool,
    palette: bool,
    data: Data,
    data_bytes: u64,
    exif_seen: bool,
    stripped: bool,
    trailing: u64,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Signature(usize),
    Header([u8; 8], usize),
    Body(u32),
    Crc([u8; 4], usize),
    Done,
}

/// What becomes of a chunk.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Keep,
    Drop,
    /// Wait for its end, then decide.
    Hold,
}

/// Where the walk stands relative to the IDAT chunks, which must be consecutive (§5.6).
#[derive(Debug, Clone, Copy, PartialEq)]
enum Data {
    Before,
    Within,
    After,
}

impl Png {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            options,
            state: State::Signature(8),
            crc: Hasher::new(),
            kind: [0; 4],
            fate: Fate::Keep,
            held: Vec::new(),
            size: None,
            indexed: false,
            palette: false,
            data: Data::Before,
            data_bytes: 0,
            exif_seen: false,
            stripped: false,
            trailing: 0,
        }
    }

    pub(crate) fn push(&mut self, mut input: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        while let Some(&byte) = input.first() {
            let mut used = 1;
            self.state = match self.state {
                // Already recognised by its eight bytes.
                State::Signature(left) => {
                    out.push(byte);
                    if left == 1 { State::Header([0; 8], 0) } else { State::Signature(left - 1) }
                }
                State::Header(mut header, seen) => {
                    header[seen] = byte;
                    if seen == 7 { self.header(header, out)? } else { State::Header(header, seen + 1) }
                }
                State::Body(0) => {
                    used = 0;
                    State::Crc([0; 4], 0)
                }
                State::Body(left) => {
                    let left = left as usize;
                    used = left.min(input.len());
                    self.body(&input[..used], out);
                    State::Body(u32::try_from(left - used).unwrap_or(0))
                }
                State::Crc(mut crc, seen) => {
                    crc[seen] = byte;
                    if seen == 3 { self.chunk_end(crc, out)? } else { State::Crc(crc, seen + 1) }
                }
                State::Done => {
                    self.trailing += input.len() as u64;
                    return Ok(());
                }
            };
            input = &input[used..];
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<ImageEnd, Refusal> {
        match (self.state, self.size) {
            (State::Done, Some(size)) => {
                Ok(ImageEnd { size, stripped: self.stripped, trailing: self.trailing })
            }
            _ => Err(Refusal::Damaged),
        }
    }

    fn header(&mut self, header: [u8; 8], out: &mut Vec<u8>) -> Result<State, Refusal> {
        let [l3, l2, l1, l0, kind @ ..] = header;
        let length = u32::from_be_bytes([l3, l2, l1, l0]);
        if length > 0x7FFF_FFFF || !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err(Refusal::Damaged);
        }
        self.kind = kind;
        self.crc = Hasher::new();
        self.crc.update(&kind);
        self.held.clear();
        self.fate = self.fate(length)?;
        match self.fate {
            Fate::Keep => out.extend_from_slice(&header),
            Fate::Drop => self.stripped = true,
            Fate::Hold => {}
        }
        Ok(State::Body(length))
    }

    /// Order and place of a chunk (§5.6), and whether it stays.
    fn fate(&mut self, length: u32) -> Result<Fate, Refusal> {
        let kind = &self.kind;
        if (self.size.is_none()) != (kind == b"IHDR") {
            return Err(Refusal::Damaged);
        }
        if self.data == Data::Within && kind != b"IDAT" {
            self.data = Data::After;
        }
        match kind {
            b"IHDR" if length == 13 => Ok(Fate::Hold),
            b"PLTE"
                if !self.palette
                    && self.data == Data::Before
                    && matches!(length, 3..=768)
                    && length.is_multiple_of(3) =>
            {
                self.palette = true;
                Ok(Fate::Keep)
            }
            b"IDAT" if self.data != Data::After && (self.palette || !self.indexed) => {
                self.data = Data::Within;
                self.data_bytes += u64::from(length);
                Ok(Fate::Keep)
            }
            b"IEND" if length == 0 && self.data_bytes > 0 => Ok(Fate::Keep),
            // Known but out of place, or critical and unknown (upper-case first letter, §5.4).
            [first, ..] if first.is_ascii_uppercase() => Err(Refusal::Damaged),
            _ if ANIMATION.contains(&kind) => Ok(Fate::Drop),
            _ if !self.options.drop_metadata || KEPT.contains(&kind) => Ok(Fate::Keep),
            b"eXIf" if !self.exif_seen && length <= MAX_EXIF => {
                self.exif_seen = true;
                Ok(Fate::Hold)
            }
            _ => Ok(Fate::Drop),
        }
    }

    fn body(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        self.crc.update(bytes);
        match self.fate {
            Fate::Keep => out.extend_from_slice(bytes),
            Fate::Hold => self.held.extend_from_slice(bytes),
            Fate::Drop => {}
        }
    }

    fn chunk_end(&mut self, crc: [u8; 4], out: &mut Vec<u8>) -> Result<State, Refusal> {
        if self.crc.clone().finalize() != u32::from_be_bytes(crc) {
            return Err(Refusal::Damaged);
        }
        match (self.fate, &self.kind) {
            (Fate::Keep, kind) => {
                out.extend_from_slice(&crc);
                if kind == b"IEND" {
                    return Ok(State::Done);
                }
            }
            (Fate::Hold, b"IHDR") => {
                self.image_header()?;
                write(out, *b"IHDR", &self.held);
            }
            (Fate::Hold, _) => {
                let minimal = exif::orientation(&self.held).and_then(exif::minimal);
                self.stripped |= minimal.as_ref().map(<[u8; 26]>::as_slice) != Some(&self.held);
                if let Some(tiff) = minimal {
                    write(out, *b"eXIf", &tiff);
                }
            }
            (Fate::Drop, _) => {}
        }
        Ok(State::Header([0; 8], 0))
    }

    /// §11.2.1, table of allowed combinations of colour type and bit depth.
    fn image_header(&mut self) -> Result<(), Refusal> {
        let &[w3, w2, w1, w0, h3, h2, h1, h0, depth, colour, compression, filter, interlace] =
            self.held.as_slice()
        else {
            return Err(Refusal::Damaged);
        };
        let (width, height) = (u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]));
        let sound =
            matches!((colour, depth), (0, 1 | 2 | 4 | 8 | 16) | (2 | 4 | 6, 8 | 16) | (3, 1 | 2 | 4 | 8));
        let limit = 0x7FFF_FFFF;
        if !sound || compression != 0 || filter != 0 || interlace > 1 || width > limit || height > limit {
            return Err(Refusal::Damaged);
        }
        self.indexed = colour == 3;
        self.size = Some(check_size(width, height)?);
        Ok(())
    }
}

fn write(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut crc = Hasher::new();
    crc.update(&kind);
    crc.update(data);
    // Only IHDR and the minimal eXIf are written here: 13 and 26 bytes.
    out.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(&kind);
    out.extend_from_slice(data);
    out.extend_from_slice(&crc.finalize().to_be_bytes());
}
