//! Pages of lists: every list is cut the same way and knows its total.

use serde::{Deserialize, Serialize};

/// Which page of a list is asked for. Whatever comes from an address is brought back into range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "RawPage")]
pub struct Page {
    number: u32,
    size: u32,
}

#[derive(Deserialize)]
struct RawPage {
    #[serde(default)]
    number: u32,
    #[serde(default)]
    size: u32,
}

impl From<RawPage> for Page {
    fn from(raw: RawPage) -> Self {
        Self::new(raw.number, raw.size)
    }
}

impl Default for Page {
    fn default() -> Self {
        Self::new(1, Self::DEFAULT_SIZE)
    }
}

impl Page {
    /// Rows on a page unless asked otherwise.
    pub const DEFAULT_SIZE: u32 = 25;
    /// Most rows on a page.
    pub const MAX_SIZE: u32 = 100;
    /// Highest page number: beyond it, search is the better tool (and an offset stays bounded).
    pub const MAX_NUMBER: u32 = 10_000;

    /// Page `number` (from 1) of `size` rows; 0 means the default, and both are clamped.
    pub fn new(number: u32, size: u32) -> Self {
        let size = if size == 0 { Self::DEFAULT_SIZE } else { size.min(Self::MAX_SIZE) };
        Self { number: number.clamp(1, Self::MAX_NUMBER), size }
    }

    /// From 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// Rows on the page.
    pub fn size(self) -> u32 {
        self.size
    }

    /// SQL `LIMIT`.
    pub fn limit(self) -> i64 {
        i64::from(self.size)
    }

    /// SQL `OFFSET`.
    pub fn offset(self) -> i64 {
        i64::from(self.number - 1) * i64::from(self.size)
    }
}

/// One page of a list with the total of all pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paged<T> {
    /// The page's rows.
    pub items: Vec<T>,
    /// Rows on all pages together.
    pub total: u64,
    /// The page that this is.
    pub page: Page,
}

impl<T> Paged<T> {
    /// How many pages there are, at least one.
    pub fn pages(&self) -> u64 {
        self.total.div_ceil(u64::from(self.page.size())).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_from_outside_is_brought_into_range() {
        let page: Page = serde_json::from_str(r#"{"number":0,"size":100000}"#).unwrap();
        assert_eq!((page.number(), page.size()), (1, Page::MAX_SIZE));
        assert_eq!(Page::new(3, 0).offset(), 50);
    }

    #[test]
    fn an_empty_list_still_has_one_page() {
        let paged = Paged::<u8> { items: vec![], total: 0, page: Page::default() };
        assert_eq!(paged.pages(), 1);
    }
}
