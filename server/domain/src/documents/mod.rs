//! Documents: a depositor sends them, staff read them, and they go on time.

mod check;
mod commit;
mod delete;
mod deposit;
mod intake;
mod list;
mod marks;
mod open;
mod receipt;
mod receive;
mod retention;
mod sweep;
mod withdraw;

pub(crate) use check::check;
pub use delete::{delete, undo};
pub(crate) use delete::{erase, erased_at};
pub(crate) use deposit::capability_hash;
pub use deposit::{close, receipt_token};
pub(crate) use list::{Row, summary};
pub use list::{list, unseen};
pub use marks::{bulk, mark_done, mark_unseen};
pub use open::{Download, PageError, PagePicture, download, open, page};
pub use receipt::{RECEIPT_DAYS, Receipt, ReceiptItem, receipt};
pub use receive::{Incoming, ReceiveError, Received, receive};
pub use retention::{RetentionError, change_retention};
pub(crate) use sweep::{collect_orphans, expire, forget};
pub use withdraw::{WithdrawError, withdraw};
