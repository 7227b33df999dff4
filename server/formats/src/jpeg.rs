//! JPEG (ITU-T T.81 Annex B): a marker-by-marker walk to the EOI of the primary image. Phones append gain maps,
//! second pictures and films after it: dropped whole, with the segments that point at them. Entropy-coded
//! data is copied untouched, so no pixel changes. Segments are at most 64 KiB and are held one at a time,
//! which is also why a thumbnail's EOI inside Exif can't end the walk.

use memchr::memchr;

use crate::walk::{ImageEnd, Options, check_size};
use crate::{Refusal, exif};

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const APP2: u8 = 0xE2;
const APP14: u8 = 0xEE;
const APP15: u8 = 0xEF;
const COM: u8 = 0xFE;

/// More scans only serve to keep a decoder busy: encoders write about ten, `jpegrescan` a few dozen.
const MAX_SCANS: u32 = 500;
/// Bytes outside segments and scans that decoders skip with a warning; some cameras pad. Dropped.
const MAX_STRAY: u32 = 1024;

#[derive(Debug)]
pub(crate) struct Jpeg {
    options: Options,
    state: State,
    marker: u8,
    /// The current segment's parameters, without its length.
    segment: Vec<u8>,
    started: bool,
    size: Option<(u32, u32)>,
    scans: u32,
    stray: u32,
    exif_seen: bool,
    stripped: bool,
    trailing: u64,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Between segments.
    Gap,
    /// After 0xFF between segments.
    Marker,
    LengthHigh,
    LengthLow(u8),
    Segment(usize),
    /// In a scan; whether any of its data has been seen.
    Scan {
        data: bool,
    },
    /// After 0xFF in a scan.
    ScanMarker {
        data: bool,
    },
    Done,
}

impl Jpeg {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            options,
            state: State::Gap,
            marker: 0,
            segment: Vec::new(),
            started: false,
            size: None,
            scans: 0,
            stray: 0,
            exif_seen: false,
            stripped: false,
            trailing: 0,
        }
    }

    pub(crate) fn push(&mut self, mut input: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        while let Some((&byte, rest)) = input.split_first() {
            let mut used = 1;
            self.state = match self.state {
                State::Gap if byte == 0xFF => State::Marker,
                State::Gap => self.stray()?,
                State::LengthHigh => State::LengthLow(byte),
                State::LengthLow(high) => {
                    let length = usize::from(u16::from_be_bytes([high, byte]));
                    let left = length.checked_sub(2).ok_or(Refusal::Damaged)?;
                    self.segment.clear();
                    if left == 0 { self.segment_end(out)? } else { State::Segment(left) }
                }
                State::Segment(left) => {
                    used = left.min(input.len());
                    self.segment.extend_from_slice(&input[..used]);
                    if left == used { self.segment_end(out)? } else { State::Segment(left - used) }
                }
                State::Scan { data } => {
                    let plain = memchr(0xFF, input).unwrap_or(input.len());
                    out.extend_from_slice(&input[..plain]);
                    let data = data || plain > 0;
                    used = (plain + 1).min(input.len());
                    if plain < input.len() { State::ScanMarker { data } } else { State::Scan { data } }
                }
                // T.81 B.1.1.5: 0xFF in data is followed by a stuffed zero; RST markers stand inside a scan.
                State::ScanMarker { .. } if matches!(byte, 0x00 | 0xD0..=0xD7) => {
                    out.extend_from_slice(&[0xFF, byte]);
                    State::Scan { data: true }
                }
                State::ScanMarker { data: false } if byte != 0xFF => return Err(Refusal::Damaged),
                State::ScanMarker { data } if byte == 0xFF => {
                    self.stripped = true;
                    State::ScanMarker { data }
                }
                State::Marker | State::ScanMarker { .. } => self.marker(byte, out)?,
                State::Done => {
                    self.trailing += input.len() as u64;
                    return Ok(());
                }
            };
            input = if used == 1 { rest } else { &input[used..] };
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

    fn stray(&mut self) -> Result<State, Refusal> {
        self.stray += 1;
        self.stripped = true;
        if !self.started || self.stray > MAX_STRAY { Err(Refusal::Damaged) } else { Ok(State::Gap) }
    }

    fn marker(&mut self, code: u8, out: &mut Vec<u8>) -> Result<State, Refusal> {
        self.marker = code;
        match code {
            SOI if !self.started => {
                self.started = true;
                out.extend_from_slice(&[0xFF, SOI]);
                Ok(State::Gap)
            }
            _ if !self.started => Err(Refusal::Damaged),
            // T.81 B.1.1.2: any marker may be preceded by fill bytes.
            0xFF => {
                self.stripped = true;
                Ok(State::Marker)
            }
            0x00 => self.stray(),
            EOI if self.scans > 0 => {
                out.extend_from_slice(&[0xFF, EOI]);
                Ok(State::Done)
            }
            SOI | EOI | 0x02..=0xBF => Err(Refusal::Damaged),
            // TEM and RST have no parameters.
            0x01 | 0xD0..=0xD7 => {
                out.extend_from_slice(&[0xFF, code]);
                Ok(State::Gap)
            }
            // Lossless, hierarchical and arithmetic frames (T.81 table B.1), JPEG-LS: viewers show none of them.
            0xC3 | 0xC5..=0xCB | 0xCD..=0xCF | 0xF0..=0xFD => Err(Refusal::UnknownType),
            _ => Ok(State::LengthHigh),
        }
    }

    fn segment_end(&mut self, out: &mut Vec<u8>) -> Result<State, Refusal> {
        match self.marker {
            0xC0..=0xC2 => self.frame()?,
            SOS => {
                self.scan()?;
                self.keep(out);
                return Ok(State::Scan { data: false });
            }
            APP0..=APP15 | COM => {
                self.application(out);
                return Ok(State::Gap);
            }
            _ => {}
        }
        self.keep(out);
        Ok(State::Gap)
    }

    /// T.81 B.2.2: P, Y, X, Nf, then three bytes a component. Y = 0 (set later by DNL) is legal there and
    /// refused here, as decoders do.
    fn frame(&mut self) -> Result<(), Refusal> {
        let &[precision, y1, y0, x1, x0, components, ref specs @ ..] = self.segment.as_slice() else {
            return Err(Refusal::Damaged);
        };
        let known = matches!(precision, 8 | 12) && (1..=4).contains(&components);
        if self.size.is_some() || !known || specs.len() != usize::from(components) * 3 {
            return Err(Refusal::Damaged);
        }
        let [width, height] = [[x1, x0], [y1, y0]].map(|side| u32::from(u16::from_be_bytes(side)));
        self.size = Some(check_size(width, height)?);
        Ok(())
    }

    /// T.81 B.2.3: Ns, two bytes a component, then Ss, Se, Ah/Al.
    fn scan(&mut self) -> Result<(), Refusal> {
        self.scans += 1;
        let sound = match self.segment.as_slice() {
            [components @ 1..=4, rest @ ..] => rest.len() == usize::from(*components) * 2 + 3,
            _ => false,
        };
        if self.size.is_none() || self.scans > MAX_SCANS || !sound {
            return Err(Refusal::Damaged);
        }
        Ok(())
    }

    /// `APPn` and COM: kept, rewritten or dropped.
    fn application(&mut self, out: &mut Vec<u8>) {
        let body = self.segment.as_slice();
        // Multi-picture index (CIPA DC-007) and gain map version (ISO 21496-1) speak of what was cut off.
        let dangling = self.marker == APP2
            && (body.starts_with(b"MPF\0") || body.starts_with(b"urn:iso:std:iso:ts:21496:-1\0"));
        if dangling {
            self.stripped = true;
        } else if self.options.drop_metadata {
            self.reduce(out);
        } else {
            self.keep(out);
        }
    }

    /// Keeps what decides how pixels are shown: JFIF without its thumbnail, ICC profile, Adobe's colour
    /// transform, orientation.
    fn reduce(&mut self, out: &mut Vec<u8>) {
        let body = self.segment.as_slice();
        let rewritten: Option<Vec<u8>> = match self.marker {
            APP0 if body.starts_with(b"JFIF\0") => body.get(..12).map(|jfif| [jfif, &[0, 0]].concat()),
            APP2 if body.starts_with(b"ICC_PROFILE\0") => return self.keep(out),
            APP14 if body.starts_with(b"Adobe") => body.get(..12).map(<[u8]>::to_vec),
            APP1 if body.starts_with(b"Exif\0") && !self.exif_seen => {
                self.exif_seen = true;
                let orientation = body.get(6..).and_then(exif::orientation);
                orientation.and_then(exif::minimal).map(|tiff| [b"Exif\0\0".as_slice(), &tiff].concat())
            }
            _ => None,
        };
        self.stripped |= rewritten.as_deref() != Some(body);
        if let Some(body) = rewritten {
            self.segment = body;
            self.keep(out);
        }
    }

    fn keep(&self, out: &mut Vec<u8>) {
        // A segment's length was read from 16 bits and rewriting only shortens.
        let length = u16::try_from(self.segment.len() + 2).unwrap_or(u16::MAX);
        out.extend_from_slice(&[0xFF, self.marker]);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&self.segment);
    }
}
