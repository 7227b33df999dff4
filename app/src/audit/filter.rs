//! What the address of the page asks for.

use leptos_router::{location::Url, params::ParamsMap};
use model::{audit::AuditQuery, list::Page};

const PATH: &str = "/portal/audit";

/// Capabilities that write into an establishment's audit.
pub(super) const CAPABILITIES: [&str; 5] = ["documents", "codes", "members", "settings", "audit"];

/// The filters as texts: empty means "all".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub search: String,
    pub capability: String,
    pub from: String,
    pub to: String,
    page: u32,
}

/// `YYYY-MM-DD` in shape, as date fields give it.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() })
}

impl Filter {
    /// Reads `q`, `capability`, `from`, `to` and `page`; what doesn't fit is left out.
    pub fn read(query: &ParamsMap) -> Self {
        let text = |name: &str| query.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
        let day = |name: &str| Some(text(name)).filter(|day| is_day(day)).unwrap_or_default();
        let capability = text("capability");
        Self {
            search: text("q"),
            capability: if CAPABILITIES.contains(&&*capability) { capability } else { String::new() },
            from: day("from"),
            to: day("to"),
            page: text("page").parse().unwrap_or(1),
        }
    }

    /// Every act on one object.
    pub fn on_object(id: &str) -> Self {
        Self { search: id.to_owned(), ..Self::default() }
    }

    /// Whether any filter narrows the list.
    pub fn narrows(&self) -> bool {
        self.page > 1 || *self != Self { page: self.page, ..Self::default() }
    }

    /// The last day is before the first: nothing can match.
    pub fn inverted(&self) -> bool {
        !self.from.is_empty() && !self.to.is_empty() && self.to < self.from
    }

    /// What the server function takes.
    pub fn query(&self) -> AuditQuery {
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        AuditQuery {
            search: self.search.parse().ok(),
            capability: filled(&self.capability),
            from: filled(&self.from),
            to: filled(&self.to),
            page: Page::new(self.page, 0),
        }
    }

    /// The fields of the export's form, by the names of [`AuditQuery`].
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let fields = [
            ("search", &self.search),
            ("capability", &self.capability),
            ("from", &self.from),
            ("to", &self.to),
        ];
        fields
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| (name, text.clone()))
            .collect()
    }

    /// Address of a page of the same list.
    pub fn href(&self, page: u64) -> String {
        let mut href = String::from(PATH);
        let number = if page > 1 { page.to_string() } else { String::new() };
        let parts = [
            ("q", &self.search),
            ("capability", &self.capability),
            ("from", &self.from),
            ("to", &self.to),
            ("page", &number),
        ];
        for (name, text) in parts {
            if !text.is_empty() {
                href.push(if href.contains('?') { '&' } else { '?' });
                href.push_str(name);
                href.push('=');
                href.push_str(&Url::escape(text));
            }
        }
        href
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn read(pairs: &[(&'static str, &str)]) -> Filter {
        let mut query = ParamsMap::new();
        for (name, text) in pairs {
            query.insert(*name, (*text).to_owned());
        }
        Filter::read(&query)
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let filter =
            read(&[("capability", "secrets"), ("from", "hier"), ("to", "2026-03-12"), ("page", "x")]);
        assert_eq!(filter, Filter { to: "2026-03-12".into(), page: 1, ..Filter::default() });
        assert_eq!(filter.query().page, Page::default());
    }

    #[test]
    fn a_page_s_address_keeps_the_filters() {
        let filter = read(&[("q", "a & b"), ("capability", "codes")]);
        assert_eq!(filter.href(2), "/portal/audit?q=a%20%26%20b&capability=codes&page=2");
        assert_eq!(Filter::default().href(1), "/portal/audit");
    }

    #[test]
    fn the_export_takes_only_the_filters_that_are_set() {
        let filter = read(&[("q", ""), ("from", "2026-03-01"), ("page", "4")]);
        assert_eq!(filter.fields(), [("from", "2026-03-01".to_owned())]);
    }

    #[test]
    fn days_compare_as_days() {
        assert!(read(&[("from", "2026-10-01"), ("to", "2026-09-30")]).inverted());
        assert!(!read(&[("from", "2026-09-30"), ("to", "2026-10-01")]).inverted());
        assert!(!read(&[("from", "2026-09-30")]).inverted());
    }
}
