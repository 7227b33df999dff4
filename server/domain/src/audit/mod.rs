//! The audit: who did what to which object, when and from where. Rows are only ever added.

mod export;
mod list;
mod write;

pub use export::{Words, export};
pub use list::list;
pub(crate) use write::{
    Act, Oneself, PlatformAct, by_depositor, by_oneself, by_staff, by_staff_each, by_system, by_system_each,
    platform, refuse, refuse_platform,
};
