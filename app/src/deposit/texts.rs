//! Every text of the patient's pages, as one structure with one constant per language: a text that is missing in a
//! language does not compile. Texts with a value are functions, so that plurals belong to the language.

mod en;
mod fr;
mod information;
mod refusals;

pub(crate) use information::{Information, Section};

/// A text that depends on a number.
pub(crate) type Counted = fn(u32) -> String;
/// A text that depends on a word or a formatted value.
pub(crate) type With = fn(&str) -> String;

/// Language of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// French, the default.
    #[default]
    Fr,
    /// English.
    En,
}

impl Lang {
    /// Both, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The BCP 47 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The language of a code such as `en` or `en-GB`.
    pub fn parse(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(primary))
    }

    /// The other language, the one that the switch offers.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Fr => Self::En,
            Self::En => Self::Fr,
        }
    }

    /// What was asked in the address, else what the cookie remembers, else what the browser prefers, else French.
    pub fn choose(query: Option<&str>, cookie: Option<&str>, accept_language: Option<&str>) -> Self {
        let preferred = || {
            let mut ranked: Vec<(f32, Self)> = accept_language?
                .split(',')
                .filter_map(|part| {
                    let (code, q) = part.split_once(";q=").unwrap_or((part, "1"));
                    Some((q.trim().parse().unwrap_or(0.0), Self::parse(code)?))
                })
                .collect();
            ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
            ranked.first().filter(|(q, _)| *q > 0.0).map(|(_, lang)| *lang)
        };
        query
            .and_then(Self::parse)
            .or_else(|| cookie.and_then(Self::parse))
            .or_else(preferred)
            .unwrap_or_default()
    }

    /// The texts in this language.
    pub(crate) fn texts(self) -> &'static Texts {
        match self {
            Self::Fr => &fr::TEXTS,
            Self::En => &en::TEXTS,
        }
    }
}

/// All texts of one language.
pub(crate) struct Texts {
    /// Around every page.
    pub common: Common,
    /// `/`
    pub home: Home,
    /// `/d/<slug>`
    pub code: Code,
    /// `/d/<slug>/deposit`
    pub deposit: Deposit,
    /// The notice about personal data, on the deposit page.
    pub notice: Notice,
    /// One sentence per refusal.
    pub refusals: refusals::Refusals,
    /// `/r/<token>`
    pub receipt: Receipt,
    /// `/r/<token>/withdraw`
    pub withdraw: Withdraw,
    /// Pages that only say something.
    pub message: Message,
    /// What only the script says; `{…}` are replaced by it.
    pub script: Script,
    /// Legal notice, accessibility statement, personal data.
    pub information: Information,
}

/// Around every page.
pub(crate) struct Common {
    pub skip: &'static str,
    pub tagline: &'static str,
    pub other_language: &'static str,
    pub footer: &'static str,
    pub legal: &'static str,
    pub privacy: &'static str,
    pub accessibility: &'static str,
    pub error_prefix: &'static str,
    pub problem: &'static str,
    pub address: &'static str,
    pub call: With,
    pub seconds: Counted,
    pub minutes: Counted,
    pub hours: Counted,
    pub decimal: &'static str,
    pub kilobytes: &'static str,
    pub megabytes: &'static str,
}

/// `/`
pub(crate) struct Home {
    pub title: &'static str,
    pub intro: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub submit: &'static str,
    pub results: Counted,
    pub none: With,
    pub none_advice: &'static str,
    pub more: &'static str,
    pub too_short: Counted,
    pub steps_title: &'static str,
    pub steps: [&'static str; 3],
    pub staff: &'static str,
    pub staff_link: &'static str,
}

/// `/d/<slug>`
pub(crate) struct Code {
    pub title: &'static str,
    pub for_establishment: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub pattern_title: &'static str,
    pub submit: &'static str,
    pub without_title: &'static str,
    pub without: &'static str,
    pub elsewhere: &'static str,
    pub missing: &'static str,
    pub malformed: &'static str,
    pub wrong: &'static str,
    pub too_many: With,
    pub no_cookie: &'static str,
}

/// `/d/<slug>/deposit`
pub(crate) struct Deposit {
    pub title: &'static str,
    pub recipient: &'static str,
    pub asked: &'static str,
    pub form_title: &'static str,
    pub label: &'static str,
    pub label_one: &'static str,
    pub camera: &'static str,
    pub choose: &'static str,
    pub to_send: &'static str,
    pub several: &'static str,
    pub limits: fn(size: &str, left: u32) -> String,
    pub formats: &'static str,
    pub submit: &'static str,
    pub wait: &'static str,
    pub full: Counted,
    pub received_title: &'static str,
    pub just_received: Counted,
    pub item: Counted,
    pub state_received: &'static str,
    pub state_checked: &'static str,
    pub state_unreadable: &'static str,
    pub finish_title: &'static str,
    pub finish_text: &'static str,
    pub finish_more: &'static str,
    /// A link for who came with another code.
    pub other_code: &'static str,
    pub finish: &'static str,
    pub follow: &'static str,
    pub fate_title: &'static str,
    pub fate_encrypted: &'static str,
    pub fate_read_by: With,
    pub fate_deleted: fn(days: u32, on: &str) -> String,
    pub fate_receipt: &'static str,
    pub file_problem: fn(file: u32, sentence: &str) -> String,
    pub none_stored: &'static str,
}

/// The notice about personal data.
pub(crate) struct Notice {
    pub title: &'static str,
    pub controller: &'static str,
    pub purpose: &'static str,
    pub purpose_text: &'static str,
    pub basis: &'static str,
    pub public_interest: &'static str,
    pub legitimate_interest: &'static str,
    pub legal_obligation: &'static str,
    pub health_basis: &'static str,
    pub recipients: &'static str,
    pub recipients_text: With,
    pub host: &'static str,
    pub duration: &'static str,
    pub duration_text: Counted,
    pub receipt_duration: Counted,
    pub rights: &'static str,
    pub rights_text: &'static str,
    pub contact: &'static str,
    pub complaint: &'static str,
}

/// `/r/<token>`
pub(crate) struct Receipt {
    pub title: &'static str,
    pub sent_title: &'static str,
    pub sent: With,
    pub withdrawn: &'static str,
    pub reference: &'static str,
    pub recipient: &'static str,
    pub deposited: &'static str,
    pub files: Counted,
    pub as_of: With,
    pub keep: &'static str,
    pub reload: &'static str,
    pub item: Counted,
    pub received: &'static str,
    pub checked: &'static str,
    pub check_pending: &'static str,
    pub unreadable: &'static str,
    pub unreadable_advice: &'static str,
    pub seen: &'static str,
    pub not_seen: &'static str,
    pub seen_never: &'static str,
    pub planned: &'static str,
    pub on_hold: &'static str,
    pub deleted: &'static str,
    pub by_retention: &'static str,
    pub by_establishment: &'static str,
    pub by_withdrawal: &'static str,
    pub badge_received: &'static str,
    pub badge_checked: &'static str,
    pub badge_unreadable: &'static str,
    pub badge_seen: &'static str,
    pub badge_deleted: &'static str,
    pub withdraw_title: &'static str,
    pub withdraw_text: &'static str,
    pub withdraw: &'static str,
    pub another: &'static str,
}

/// `/r/<token>/withdraw`
pub(crate) struct Withdraw {
    pub title: &'static str,
    pub text: fn(files: u32, establishment: &str) -> String,
    pub reference: &'static str,
    pub then: &'static str,
    pub confirm: &'static str,
    pub cancel: &'static str,
}

/// Pages that only say something: a title, a sentence, and where to go.
pub(crate) struct Message {
    pub not_found: &'static str,
    pub not_found_text: &'static str,
    pub too_many: &'static str,
    pub too_many_text: With,
    pub code_gone: &'static str,
    pub code_gone_text: &'static str,
    pub session: &'static str,
    pub session_text: &'static str,
    pub signed_out_text: &'static str,
    pub other_establishment: &'static str,
    pub other_establishment_text: &'static str,
    pub refused: &'static str,
    pub refused_text: &'static str,
    pub cannot_withdraw: &'static str,
    pub forbidden_text: &'static str,
    pub gone: &'static str,
    pub gone_text: &'static str,
    pub cannot_withdraw_text: &'static str,
    pub failure: &'static str,
    pub failure_text: &'static str,
    pub request_id: &'static str,
    pub go_home: &'static str,
    pub go_back: &'static str,
    pub to_receipt: &'static str,
    pub sign_in: &'static str,
    pub go_on: &'static str,
}

/// What only the script says. `{n}`, `{total}`, `{size}`, `{done}`, `{name}`, `{seconds}` are replaced by it.
#[derive(serde::Serialize)]
pub(crate) struct Script {
    pub send_one: &'static str,
    pub send_many: &'static str,
    pub sending: &'static str,
    pub remove: &'static str,
    pub removed: &'static str,
    pub added_one: &'static str,
    pub added_many: &'static str,
    pub waiting: &'static str,
    pub preparing: &'static str,
    pub progress: &'static str,
    pub announce: &'static str,
    pub almost: &'static str,
    pub received: &'static str,
    pub retry_in: &'static str,
    pub offline: &'static str,
    pub stopped: &'static str,
    pub retry: &'static str,
    pub unknown_type: &'static str,
    pub empty: &'static str,
    pub too_large: &'static str,
    pub too_large_photo: &'static str,
    pub reduce: &'static str,
    pub reduced: &'static str,
    pub reduce_failed: &'static str,
    pub no_room: &'static str,
    pub too_many_one: &'static str,
    pub too_many: &'static str,
    pub duplicate: &'static str,
    pub blocked: &'static str,
    pub refused: &'static str,
    pub closing: &'static str,
    pub close_failed: &'static str,
    pub some_refused: &'static str,
    pub state_changed: &'static str,
    pub leave: &'static str,
}
