//! What a PDF's tokens say about its structure (ISO 32000-1 §7.5): objects, the dictionaries that can declare
//! encryption, and how the file ends. Deliberately forgiving inside objects, where readers are too, and strict
//! about what stands between and after them, where other formats hide.

use crate::{Refusal, sniff};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Token<'a> {
    Word(&'a [u8]),
    Name(&'a [u8]),
    Text,
    HexOpen,
    DictOpen,
    DictClose,
    ArrayOpen,
    ArrayClose,
    Stray,
    Comment,
    EndOfFile,
}

/// How to go on after a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Next {
    Token,
    /// Stream data begins.
    Stream,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Grammar {
    refusal: Option<Refusal>,
    place: Place,
    /// Open dictionaries and arrays.
    depth: u32,
    dict: Dict,
    /// The last token closed an outermost dictionary.
    after_dict: bool,
    /// Whole numbers in a row: `obj` needs two before it.
    numbers: u32,
    has_object: bool,
    linearized: bool,
    tail: Tail,
    startxref: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Place {
    #[default]
    Between,
    Object,
    Trailer,
}

/// The end of a file or of one of its revisions: `startxref`, a number, `%%EOF` (§7.5.5).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Tail {
    #[default]
    Body,
    StartXref,
    Offset,
    Complete,
}

/// The outermost dictionary under way.
#[derive(Debug, Clone, Copy, Default)]
struct Dict {
    /// The key whose value comes next.
    key: Option<Key>,
    /// The last key that got its value, for `5 0 R` to take the number back.
    last: Option<Key>,
    xref: bool,
    encrypt: bool,
    length: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Key {
    Type,
    Encrypt,
    Length,
    Linearized,
    Other,
}

impl Grammar {
    pub(crate) fn verdict(&self) -> Result<(), Refusal> {
        self.refusal.map_or(Ok(()), Err)
    }

    pub(crate) fn finish(&self) -> Result<(), Refusal> {
        self.verdict()?;
        // A linearized file's first section ends with `startxref 0` (Annex F.3.4): if that is the last word, the
        // rest of the file is missing.
        let first_section_only = self.linearized && self.startxref == 0;
        if self.tail != Tail::Complete || !self.has_object || first_section_only {
            return Err(Refusal::Damaged);
        }
        Ok(())
    }

    /// The current stream's length, if its dictionary says it outright.
    pub(crate) fn stream_length(&self) -> Option<u64> {
        self.dict.length
    }

    pub(crate) fn token(&mut self, token: Token<'_>) -> Next {
        if self.refusal.is_some() {
            return Next::Token;
        }
        let after_dict = std::mem::take(&mut self.after_dict);
        let numbers = std::mem::take(&mut self.numbers);
        match token {
            Token::Word(word) => return self.word(word, after_dict, numbers),
            // Comments stand anywhere; after the end of a revision they begin something new.
            Token::Comment => {
                (self.after_dict, self.numbers) = (after_dict, numbers);
                if self.tail == Tail::Complete {
                    self.tail = Tail::Body;
                }
                return Next::Token;
            }
            Token::EndOfFile => {
                self.tail = match self.tail {
                    Tail::Offset | Tail::Complete => Tail::Complete,
                    Tail::Body | Tail::StartXref => Tail::Body,
                };
                return Next::Token;
            }
            Token::HexOpen if self.place != Place::Object && self.depth == 0 => {
                // No string stands between objects: this is markup.
                self.refusal = Some(Refusal::ForeignContent);
            }
            _ if self.tail == Tail::Complete => self.refusal = Some(Refusal::Damaged),
            Token::Name(name) => self.name(name),
            Token::Text | Token::HexOpen => self.value(None, false),
            Token::DictOpen | Token::ArrayOpen => self.open(),
            Token::DictClose | Token::ArrayClose => self.close(),
            Token::Stray => {}
        }
        self.tail = Tail::Body;
        Next::Token
    }

    fn word(&mut self, word: &[u8], after_dict: bool, numbers: u32) -> Next {
        let number = whole_number(word);
        if self.tail == Tail::Complete {
            let goes_on = number.is_some()
                || [&b"xref"[..], b"trailer", b"startxref", b"endstream", b"endobj"].contains(&word);
            if !goes_on {
                let foreign = sniff::foreign(word);
                self.refusal = Some(if foreign { Refusal::ForeignContent } else { Refusal::Damaged });
                return Next::Token;
            }
        }
        let tail = std::mem::take(&mut self.tail);
        match word {
            b"obj" if numbers >= 2 => {
                self.has_object = true;
                self.enter(Place::Object);
            }
            b"endobj" | b"xref" => self.enter(Place::Between),
            b"trailer" => self.enter(Place::Trailer),
            b"startxref" => {
                self.enter(Place::Between);
                self.tail = Tail::StartXref;
            }
            b"stream" if after_dict && self.place == Place::Object && self.depth == 0 => return Next::Stream,
            b"R" if self.depth == 1 && self.dict.last == Some(Key::Length) => self.dict.length = None,
            _ => {
                self.numbers = if number.is_some() { numbers.saturating_add(1) } else { 0 };
                if let (Tail::StartXref, Some(offset)) = (tail, number) {
                    self.tail = Tail::Offset;
                    self.startxref = offset;
                }
                if self.depth == 0 && self.place != Place::Object && sniff::foreign(word) {
                    self.refusal = Some(Refusal::ForeignContent);
                }
                // §7.3.7: a null value means that the key is absent.
                self.value(number, word == b"null");
            }
        }
        Next::Token
    }

    fn enter(&mut self, place: Place) {
        self.place = place;
        self.depth = 0;
        self.dict = Dict::default();
    }

    fn open(&mut self) {
        self.value(None, false);
        if self.depth == 0 {
            self.dict = Dict::default();
        }
        self.depth = self.depth.saturating_add(1);
    }

    fn close(&mut self) {
        if self.depth == 1 {
            self.after_dict = true;
            // The only dictionaries that declare encryption (§7.5.5, §7.5.8.2).
            let declares = self.place == Place::Trailer || (self.place == Place::Object && self.dict.xref);
            if declares && self.dict.encrypt {
                self.refusal = Some(Refusal::Encrypted);
            }
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// In the outermost dictionary names are keys, unless a key waits for its value.
    fn name(&mut self, name: &[u8]) {
        if self.depth != 1 {
            return;
        }
        if self.dict.key.is_some() {
            self.dict.xref |= self.dict.key == Some(Key::Type) && name == b"XRef";
            return self.value(None, false);
        }
        self.dict.key = Some(match name {
            b"Type" => Key::Type,
            b"Encrypt" => Key::Encrypt,
            b"Length" => Key::Length,
            b"Linearized" => Key::Linearized,
            _ => Key::Other,
        });
    }

    /// A value, or the beginning of one, has come.
    fn value(&mut self, number: Option<u64>, null: bool) {
        if self.depth != 1 {
            return;
        }
        let key = self.dict.key.take();
        match key {
            None => return, // `0` of `5 0 R`
            Some(Key::Encrypt) => self.dict.encrypt |= !null,
            Some(Key::Length) => self.dict.length = number,
            Some(Key::Linearized) => self.linearized = true,
            Some(Key::Type | Key::Other) => {}
        }
        self.dict.last = key;
    }
}

fn whole_number(word: &[u8]) -> Option<u64> {
    let digits = !word.is_empty() && word.len() <= 19 && word.iter().all(u8::is_ascii_digit);
    digits.then(|| word.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')))
}
