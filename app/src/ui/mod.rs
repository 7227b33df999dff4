//! Our small kit: what every page is built from. No text of its own: texts arrive as props, already in the
//! reader's language. No `style=` attribute either (the CSP refuses it): looks live in `style/`.

pub mod badge;
pub mod button;
pub mod chart;
pub mod choice;
pub mod copy_button;
pub mod countdown;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod focus;
pub mod icon;
mod lucide;
pub mod menu;
pub mod page_header;
pub mod pagination;
pub mod qr;
pub mod select;
pub mod shortcut;
pub mod skeleton;
pub mod stat;
pub mod table;
pub mod textarea;
pub mod toast;

pub use badge::{Badge, Notice, Tone};
pub use button::{Button, LinkButton, Variant};
pub use chart::{Bar, BarChart};
pub use choice::{Checkbox, RadioGroup};
pub use copy_button::CopyButton;
pub use countdown::{Countdown, Remaining};
pub use dialog::{Confirm, Covered, Dialog};
pub use empty::EmptyState;
pub use field::Field;
pub use focus::focus_first_error;
pub use icon::Icon;
pub use menu::Menu;
pub use page_header::{Back, PageHeader};
pub use pagination::{Pagination, PaginationTexts};
pub use qr::Qr;
pub use select::{Choice, Select};
pub use shortcut::use_shortcut;
pub use skeleton::Skeleton;
pub use stat::Stat;
pub use table::{Cell, Direction, SortHeader, Table};
pub use textarea::TextArea;
pub use toast::{ToastAction, ToastHub, Toaster, provide_toasts, use_toasts};
