//! The tokens of a PDF (ISO 32000-1 §7.2, §7.3), one byte at a time: strings, comments and streams are told from
//! structure, so that `/Encrypt` in a text is a text and a missing end is noticed. Linear time, no recursion,
//! no allocation. What the tokens mean is [`crate::pdf_grammar`]'s business.

use memchr::memchr;

use crate::Refusal;
use crate::pdf_grammar::{Grammar, Next, Token};

const ENDSTREAM: &[u8; 9] = b"endstream";
const ENDOBJ: &[u8; 6] = b"endobj";
/// What makes a comment an end-of-file marker, after its first `%`.
const EOF: &[u8; 4] = b"%EOF";

#[derive(Debug, Clone)]
pub(crate) struct Lexer {
    state: State,
    word: Word,
    /// How much of `endstream` the last bytes of a stream spell.
    matched: usize,
    /// Whether a direct `/Length` is followed; see [`crate::pdf`].
    believes_length: bool,
    grammar: Grammar,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Plain,
    Word,
    Name,
    Less,
    Greater,
    Hex,
    Text {
        depth: u32,
        escaped: bool,
        /// How much of a line break and `endobj` was just read, plus one.
        resync: usize,
    },
    Comment {
        /// How much of `%EOF` was read; `None` in an ordinary comment.
        eof: Option<usize>,
    },
    /// After `stream`, before its line break.
    StreamLine,
    StreamCr,
    Data {
        left: Option<u64>,
    },
    /// After as many bytes as `/Length` said: blanks, then `endstream`.
    DataEnd {
        seen: usize,
    },
}

/// What [`crate::pdf`] has to know about the stream under way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Event {
    None,
    /// `endstream` before the declared length is over.
    EarlyEnd,
    LengthRight,
    LengthWrong,
}

/// The first bytes of a word or name: longer ones equal no keyword, and only their beginning matters.
#[derive(Debug, Clone, Copy)]
struct Word {
    bytes: [u8; 24],
    length: usize,
}

impl Word {
    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = byte;
            self.length += 1;
        }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// `#xx` in names (§7.3.5): `/Encr#79pt` is `/Encrypt`.
    fn unescaped(&self) -> Self {
        let mut plain = Self { bytes: [0; 24], length: 0 };
        let mut rest = self.bytes();
        while let Some((&byte, after)) = rest.split_first() {
            let hex = |at: usize| after.get(at).and_then(|&digit| char::from(digit).to_digit(16));
            if let (b'#', Some(high), Some(low)) = (byte, hex(0), hex(1)) {
                plain.push(u8::try_from(high * 16 + low).unwrap_or(byte));
                rest = &after[2..];
            } else {
                plain.push(byte);
                rest = after;
            }
        }
        plain
    }
}

impl Lexer {
    /// Begins at `%PDF-`, which reads as a comment.
    pub(crate) fn new() -> Self {
        Self {
            state: State::Plain,
            word: Word { bytes: [0; 24], length: 0 },
            matched: 0,
            believes_length: true,
            grammar: Grammar::default(),
        }
    }

    /// This lexer as if the stream under way had just ended.
    pub(crate) fn disbelieving(&self) -> Self {
        Self { state: State::Plain, matched: 0, believes_length: false, ..self.clone() }
    }

    pub(crate) fn believing(mut self) -> Self {
        self.believes_length = true;
        self
    }

    pub(crate) fn verdict(&self) -> Result<(), Refusal> {
        self.grammar.verdict()
    }

    pub(crate) fn finish(mut self) -> Result<(), Refusal> {
        match self.state {
            State::Plain => {}
            State::Word => drop(self.word_end()),
            _ => return Err(Refusal::Damaged),
        }
        self.grammar.finish()
    }

    /// Reads all of `input`, whatever events come.
    pub(crate) fn run(&mut self, mut input: &[u8]) {
        while !input.is_empty() {
            let (used, _) = self.advance(input);
            input = &input[used..];
        }
    }

    /// Reads up to the next event or the end of `input`; says how much was read (at least one byte).
    pub(crate) fn advance(&mut self, input: &[u8]) -> (usize, Event) {
        let mut at = 0;
        while at < input.len() {
            let event = if let State::Data { left } = self.state {
                let (used, event) = self.data(&input[at..], left);
                at += used;
                event
            } else {
                let event = self.byte(input[at]);
                at += 1;
                event
            };
            if event != Event::None {
                return (at, event);
            }
        }
        (at, Event::None)
    }

    /// Skips stream data: never less than a byte, except to leave a stream of declared length 0.
    fn data(&mut self, input: &[u8], left: Option<u64>) -> (usize, Event) {
        let fits =
            left.map_or(input.len(), |left| usize::try_from(left).unwrap_or(usize::MAX).min(input.len()));
        let mut at = 0;
        let mut event = Event::None;
        while at < fits {
            if self.matched == 0 {
                at += memchr(ENDSTREAM[0], &input[at..fits]).unwrap_or(fits - at);
            }
            let Some(&byte) = input[..fits].get(at) else { break };
            at += 1;
            if self.spells_endstream(byte) {
                event = Event::EarlyEnd;
                break;
            }
        }
        self.state = match left.map(|left| left - at as u64) {
            None if event == Event::EarlyEnd => return (at, self.stream_end(Event::None)),
            Some(0) => State::DataEnd { seen: 0 },
            left => State::Data { left },
        };
        (at, event)
    }

    /// Follows `endstream` through any bytes (Knuth–Morris–Pratt: only its second `e` can begin it anew).
    fn spells_endstream(&mut self, byte: u8) -> bool {
        while ENDSTREAM[self.matched] != byte {
            match self.matched {
                0 => return false,
                7 => self.matched = 1,
                _ => self.matched = 0,
            }
        }
        self.matched += 1;
        let whole = self.matched == ENDSTREAM.len();
        if whole {
            self.matched = 0;
        }
        whole
    }

    fn data_end(&mut self, byte: u8, seen: usize) -> Event {
        let whole = self.spells_endstream(byte);
        if ENDSTREAM[seen] == byte {
            self.state = State::DataEnd { seen: seen + 1 };
            if seen + 1 == ENDSTREAM.len() { self.stream_end(Event::LengthRight) } else { Event::None }
        } else if seen == 0 && blank(byte) {
            Event::None
        } else if whole {
            // The length reached into `endstream` itself.
            self.stream_end(Event::LengthWrong)
        } else {
            self.state = State::Data { left: None };
            Event::LengthWrong
        }
    }

    fn stream_end(&mut self, event: Event) -> Event {
        self.state = State::Plain;
        self.matched = 0;
        event
    }

    fn byte(&mut self, byte: u8) -> Event {
        match self.state {
            State::Word | State::Name if regular(byte) => self.word.push(byte),
            State::Word => return self.word_end_then(byte),
            State::Name => {
                self.grammar.token(Token::Name(self.word.unescaped().bytes()));
                self.plain(byte);
            }
            State::Less if byte == b'<' => self.token(Token::DictOpen),
            State::Less => {
                self.grammar.token(Token::HexOpen);
                return self.hex(byte);
            }
            State::Greater if byte == b'>' => self.token(Token::DictClose),
            State::Plain | State::Greater => self.plain(byte),
            State::Hex => return self.hex(byte),
            State::Text { depth, escaped, resync } => self.text(byte, depth, escaped, resync),
            State::Comment { eof } => self.comment(byte, eof),
            State::StreamLine => match byte {
                b' ' | b'\t' => {}
                b'\r' => self.state = State::StreamCr,
                b'\n' => return self.stream_begin(None),
                _ => return self.stream_begin(Some(byte)),
            },
            State::StreamCr if byte == b'\n' => return self.stream_begin(None),
            State::StreamCr => return self.stream_begin(Some(byte)),
            State::DataEnd { seen } => return self.data_end(byte, seen),
            // Read in slices, by `advance`.
            State::Data { .. } => {}
        }
        Event::None
    }

    fn plain(&mut self, byte: u8) {
        self.state = match byte {
            _ if blank(byte) => State::Plain,
            b'%' => State::Comment { eof: Some(0) },
            b'<' => State::Less,
            b'>' => State::Greater,
            b'(' => {
                self.grammar.token(Token::Text);
                State::Text { depth: 1, escaped: false, resync: 0 }
            }
            b'[' => return self.token(Token::ArrayOpen),
            b']' => return self.token(Token::ArrayClose),
            b')' | b'{' | b'}' => return self.token(Token::Stray),
            b'/' => {
                self.word.length = 0;
                State::Name
            }
            _ => {
                self.word.length = 0;
                self.word.push(byte);
                State::Word
            }
        };
    }

    fn token(&mut self, token: Token<'_>) {
        self.grammar.token(token);
        self.state = State::Plain;
    }

    fn word_end(&mut self) -> Next {
        self.grammar.token(Token::Word(self.word.bytes()))
    }

    fn word_end_then(&mut self, byte: u8) -> Event {
        match self.word_end() {
            Next::Token => {
                self.plain(byte);
                Event::None
            }
            Next::Stream => {
                self.state = State::StreamLine;
                self.byte(byte)
            }
        }
    }

    /// Data begins, with `first` if its line break was missing or a lone CR.
    fn stream_begin(&mut self, first: Option<u8>) -> Event {
        self.matched = 0;
        let left = self.grammar.stream_length().filter(|_| self.believes_length);
        self.state = if left == Some(0) { State::DataEnd { seen: 0 } } else { State::Data { left } };
        match first {
            Some(byte) if left == Some(0) => self.data_end(byte, 0),
            Some(byte) => self.data(&[byte], left).1,
            None => Event::None,
        }
    }

    fn hex(&mut self, byte: u8) -> Event {
        self.state = State::Hex;
        if byte == b'>' {
            self.state = State::Plain;
        } else if !byte.is_ascii_hexdigit() && !blank(byte) {
            self.plain(byte); // Not a hexadecimal string after all: whatever it is, don't get lost in it.
        }
        Event::None
    }

    /// A literal string: balanced parentheses, `\` escapes (§7.3.4.2). Careless generators write titles such as
    /// `(Scan :( )`; a line that begins with `endobj` ends them, or the rest of the file would be swallowed.
    fn text(&mut self, byte: u8, depth: u32, escaped: bool, resync: usize) {
        let resync = match byte {
            b'\r' | b'\n' => 1,
            _ if resync > 0 && ENDOBJ[resync - 1] == byte => resync + 1,
            _ => 0,
        };
        if resync > ENDOBJ.len() {
            self.grammar.token(Token::Word(ENDOBJ));
            self.state = State::Plain;
            return;
        }
        self.state = match byte {
            _ if escaped => State::Text { depth, escaped: false, resync },
            b'\\' => State::Text { depth, escaped: true, resync },
            b'(' => State::Text { depth: depth.saturating_add(1), escaped: false, resync },
            b')' if depth == 1 => State::Plain,
            b')' => State::Text { depth: depth - 1, escaped: false, resync },
            _ => State::Text { depth, escaped: false, resync },
        };
    }

    fn comment(&mut self, byte: u8, eof: Option<usize>) {
        let spelled = eof.filter(|&seen| EOF[seen] == byte).map(|seen| seen + 1);
        if spelled == Some(EOF.len()) {
            // The marker ends here and not with its line: what is glued to it gets judged too.
            return self.token(Token::EndOfFile);
        }
        if eof.is_some() && spelled.is_none() {
            self.grammar.token(Token::Comment);
        }
        let end = matches!(byte, b'\r' | b'\n');
        self.state = if end { State::Plain } else { State::Comment { eof: spelled } };
    }
}

/// §7.2.2, table 1.
fn blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

/// §7.2.2: neither white space nor delimiter (table 2).
fn regular(byte: u8) -> bool {
    !blank(byte) && !b"()<>[]{}/%".contains(&byte)
}
