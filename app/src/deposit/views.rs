//! What a patient's page is given to say: plain values, already read, authorised and put in the establishment's time
//! zone and in the page's language by the caller. Nothing here knows a database or a request.

pub use super::message_page::Message;
use super::texts::Lang;

/// What surrounds every page.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Language of the page; every text and the `lang` attribute follow it.
    pub lang: Lang,
    /// Address of `deposit.css` (with its hash, if any).
    pub css_href: String,
    /// Address of `deposit.js` (with its hash, if any).
    pub js_href: String,
    /// Complete address of the same page in the other language, such as `/d/lilas?lang=en`.
    pub path_for_lang_switch: String,
    /// The session's CSRF token; the forms that change something carry it as their first field.
    pub csrf: Option<String>,
}

/// A moment, twice: for machines (RFC 3339) and for people ("20 novembre 2026 à 14 h 05").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// RFC 3339, for `<time datetime>`.
    pub iso: String,
    /// In the establishment's time zone and the page's language.
    pub text: String,
}

/// The establishment that receives, as a patient may know it.
#[derive(Clone, Debug)]
pub struct Establishment {
    /// Its word in addresses: `/d/<slug>`.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Postal address, one line each; may be empty.
    pub address: Vec<String>,
    /// Telephone as it is written for people.
    pub phone: Option<String>,
    /// What the establishment says to everybody ("Ouvert du lundi au samedi …").
    pub opening_note: Option<String>,
}

/// What was searched on the home page.
#[derive(Clone, Debug)]
pub struct Search {
    /// What was typed, shown again in the field.
    pub query: String,
    /// What came of it.
    pub outcome: SearchOutcome,
}

/// The outcome of a search for an establishment.
#[derive(Clone, Debug)]
pub enum SearchOutcome {
    /// Fewer than this many letters were typed.
    TooShort {
        /// The least number of letters.
        least: u32,
    },
    /// The search was made; nothing found is an empty list.
    Found {
        /// The first results.
        results: Vec<FoundEstablishment>,
        /// There are more than are shown: ask for a better search.
        more: bool,
    },
}

/// One result of the search.
#[derive(Clone, Debug)]
pub struct FoundEstablishment {
    /// Its word in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Where it is, in one line.
    pub place: String,
}

/// The page that asks for the six characters.
#[derive(Clone, Debug)]
pub struct EnterCode {
    /// Whose code it is.
    pub establishment: Establishment,
    /// What was typed last time, to be corrected rather than typed again; empty at first.
    pub typed: String,
    /// Why the last attempt led nowhere.
    pub problem: Option<CodeProblem>,
}

/// Why a code led nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeProblem {
    /// Nothing was typed.
    Missing,
    /// It can't be a code (wrong length or character); says nothing about any code that exists.
    Malformed,
    /// Unknown, expired, exhausted or revoked: one answer for all four.
    Wrong,
    /// Attempts are paused for this address.
    TooManyAttempts {
        /// Seconds before the next attempt.
        wait_seconds: u64,
    },
    /// The browser brought no cookie back.
    NoCookie,
}

/// The page where documents are handed over.
#[derive(Clone, Debug)]
pub struct Deposit {
    /// Who receives.
    pub establishment: Establishment,
    /// What is asked ("Ordonnance de renouvellement").
    pub label: String,
    /// A word to the patient about it.
    pub note: Option<String>,
    /// Largest file, in bytes.
    pub max_file_bytes: u64,
    /// How many files this deposit may hold in all.
    pub max_files: u32,
    /// Days before the establishment's copy is deleted.
    pub retention_days: u32,
    /// When a document handed over now would be deleted.
    pub deleted_on: Moment,
    /// What this deposit already holds.
    pub received: Vec<ReceivedItem>,
    /// The receipt, once there is one: `/r/<token>`.
    pub receipt_path: Option<String>,
    /// Stable for this deposit, no secret: the script keeps its per-file keys under it, so that a file that is sent to
    /// two deposits has two keys.
    pub scope: String,
    /// Key of the next form: the same form sent twice is one deposit.
    pub idempotency_key: String,
    /// What the last form brought: files that arrived with it.
    pub just_received: u32,
    /// What the last form brought: files that were refused.
    pub problems: Vec<FileProblem>,
    /// Who answers for the data.
    pub privacy: PrivacyNotice,
}

/// One file that has arrived; never its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceivedItem {
    /// Its number in this deposit, from 1.
    pub ordinal: u32,
    /// What is known of it.
    pub check: Check,
}

/// What became of the check that follows the reception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Not done yet.
    Pending,
    /// The document can be displayed.
    Readable,
    /// It arrived but can't be displayed.
    Unreadable,
}

/// A file of the last form that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// Which file of the form, from 1; none when the reason concerns the whole form.
    pub file: Option<u32>,
    /// Why.
    pub refusal: Refusal,
}

/// Why a file, or a whole form, was refused. Nothing was stored then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The form came without a file.
    NoFile,
    /// Neither JPEG, PNG nor PDF.
    UnknownType,
    /// The content is not what its type says, or carries something else.
    TypeMismatch,
    /// The file is cut short or broken.
    Damaged,
    /// The PDF asks for a password.
    Encrypted,
    /// Zero bytes.
    Empty,
    /// Larger than a file may be.
    TooLarge {
        /// The limit, in bytes.
        limit_bytes: u64,
    },
    /// More pixels than any camera takes.
    TooManyPixels,
    /// The deposit is full.
    TooMany {
        /// How many files it may hold.
        limit: u32,
    },
    /// The establishment's storage is full.
    NoRoom,
    /// The code was revoked, or the deposit was closed or ran out of time.
    CodeNoLongerValid,
    /// The transfer was cut off.
    Interrupted,
    /// Too many requests from this address.
    TooManyAttempts {
        /// Seconds before the next attempt.
        wait_seconds: u64,
    },
    /// The page's token or cookie is no longer good.
    SessionExpired,
    /// Something failed on our side.
    Unavailable,
}

/// Who answers for the personal data, and for how long.
#[derive(Clone, Debug)]
pub struct PrivacyNotice {
    /// The controller: the establishment, with its legal name if it differs.
    pub controller: String,
    /// How to use one's rights: address, e-mail or telephone of the contact (the DPO if there is one).
    pub contact: String,
    /// The legal basis that the controller has chosen.
    pub basis: model::establishments::LegalBasis,
    /// Days before the documents are deleted.
    pub retention_days: u32,
    /// Days before the receipt (states and times, no document) is deleted.
    pub receipt_days: Option<u32>,
    /// Who hosts the data, where it is somebody else.
    pub host: Option<String>,
}

/// The receipt: what is true of a deposit now.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Its own address: `/r/<token>`.
    pub path: String,
    /// Short reference to give on the telephone.
    pub reference: String,
    /// Who received.
    pub establishment: Establishment,
    /// When the first file arrived.
    pub received_at: Moment,
    /// When this page was made.
    pub as_of: Moment,
    /// Each file, in the order of arrival.
    pub files: Vec<ReceiptFile>,
    /// This browser may still withdraw the deposit.
    pub can_withdraw: bool,
    /// What has just happened, said once.
    pub notice: Option<ReceiptNotice>,
}

/// What has just happened to the deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptNotice {
    /// It was sent.
    Sent,
    /// It was withdrawn.
    Withdrawn,
}

/// One file on the receipt: its history, never its name or content.
#[derive(Clone, Debug)]
pub struct ReceiptFile {
    /// Its number in the deposit, from 1.
    pub ordinal: u32,
    /// When it arrived.
    pub received_at: Moment,
    /// Whether it can be displayed.
    pub check: Check,
    /// First opening by the establishment.
    pub seen_at: Option<Moment>,
    /// Kept, or deleted.
    pub end: FileEnd,
}

/// What becomes of the document in the end.
#[derive(Clone, Debug)]
pub enum FileEnd {
    /// It will be deleted at this moment.
    Planned(Moment),
    /// The establishment keeps it longer, with a recorded reason: no date.
    OnHold,
    /// It was deleted.
    Deleted {
        /// When.
        at: Moment,
        /// By whom or what.
        why: DeletedWhy,
    },
}

/// Why a document was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletedWhy {
    /// Its planned date came.
    Retention,
    /// The establishment deleted it.
    Establishment,
    /// The depositor withdrew it.
    Withdrawn,
}

/// The question asked before a deposit is withdrawn.
#[derive(Clone, Debug)]
pub struct Withdraw {
    /// The receipt's address: `/r/<token>`; the form goes to `/r/<token>/withdraw`.
    pub receipt_path: String,
    /// Short reference.
    pub reference: String,
    /// Who received.
    pub establishment_name: String,
    /// How many files would be deleted.
    pub files: u32,
}

/// Who publishes and hosts the service, for the legal notice and the two statements. What is not configured is said
/// to be missing, never invented.
#[derive(Clone, Debug, Default)]
pub struct Publisher {
    /// Name the service bears here.
    pub service: String,
    /// Public address of the service.
    pub url: String,
    /// Legal name of the publisher.
    pub name: Option<String>,
    /// Postal address, one line each.
    pub address: Vec<String>,
    /// Who answers for the publication.
    pub director: Option<String>,
    /// E-mail or telephone.
    pub contact: Option<String>,
    /// Host: name, address, certification.
    pub host: Option<String>,
    /// Contact of the data protection officer.
    pub dpo: Option<String>,
    /// Day of the accessibility statement.
    pub statement_date: Option<Moment>,
}
