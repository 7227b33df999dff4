//! Codes: what staff ask with, and what a patient types.

mod transfer_code;

use serde::{Deserialize, Serialize};
pub use transfer_code::{BadCode, LinkToken, TransferCode};

use crate::{
    ids::CodeId,
    number::bounded,
    text::{Label, Note},
    time::Moment,
};

bounded! {
    /// How long a code lives, in minutes: 15 minutes to 30 days, 24 hours unless said otherwise.
    ValidityMinutes: 15..=43_200, default 1_440;
    /// How many deposits a code accepts.
    MaxDeposits: 1..=50, default 1;
    /// How many files one deposit may hold.
    MaxFiles: 1..=20, default 10;
}

/// What staff fill in to generate a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCode {
    /// What is asked, shown to the patient.
    pub label: Label,
    /// A note to the patient.
    pub note: Option<Note>,
    /// From now.
    pub validity: ValidityMinutes,
    /// Deposits accepted.
    pub max_deposits: MaxDeposits,
    /// Files accepted in each.
    pub max_files: MaxFiles,
}

/// Where a code stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeState {
    /// Accepts deposits.
    Active,
    /// Every deposit that it allowed was made.
    Exhausted,
    /// Its time is over.
    Expired,
    /// Staff ended it.
    Revoked,
}

/// A code in a list. The code's value is not part of it: showing it again is an act of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSummary {
    /// Id.
    pub id: CodeId,
    /// What is asked.
    pub label: String,
    /// Note to the patient.
    pub note: Option<String>,
    /// State now.
    pub state: CodeState,
    /// Deposits made.
    pub uses: u32,
    /// Deposits accepted.
    pub max_deposits: u32,
    /// Files per deposit.
    pub max_files: u32,
    /// Display name of who generated it.
    pub author: String,
    /// Generated at.
    pub created_at: Moment,
    /// Ends at.
    pub expires_at: Moment,
    /// Last deposit.
    pub last_used_at: Option<Moment>,
    /// Documents received under it that still exist.
    pub documents: u64,
}

/// A code as it is shown to the person who hands it over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeView {
    /// What a list shows of it.
    pub summary: CodeSummary,
    /// Value and address; absent once wiped (expired, exhausted or revoked).
    pub secret: Option<CodeSecret>,
    /// The server's clock, so that a countdown doesn't trust the device's.
    pub now: Moment,
}

/// What opens a deposit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSecret {
    /// The six characters.
    pub value: TransferCode,
    /// Where the code is typed: `…/d/<slug>`.
    pub typed_address: String,
    /// What the QR code carries: `…/d/<slug>/<token>`.
    pub link: String,
}

/// Which codes a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeScope {
    /// Those that accept deposits.
    #[default]
    Active,
    /// Those that no longer do.
    Past,
    /// All.
    All,
}
