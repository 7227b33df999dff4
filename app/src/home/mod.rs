//! The staff's home page: the day at a glance.

mod administration;
pub mod api;
mod chart;
mod figures;
mod lists;
mod page;

pub use page::HomePage;
