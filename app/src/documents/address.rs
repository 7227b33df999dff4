//! The inbox's address: every search, filter and page has one, so that reload, back and sharing a link work.

use leptos_router::params::ParamsMap;
use model::{
    documents::{DocumentFilter, DocumentQuery, DocumentSort},
    ids::DocumentId,
    list::Page,
};

/// Where the inbox lives.
pub const LIST: &str = "/portal/documents";

/// Address of a document in the viewer.
pub fn of_document(id: DocumentId) -> String {
    format!("{LIST}/{id}")
}

/// The state's name in an address; none for the default.
pub const fn filter_name(filter: DocumentFilter) -> Option<&'static str> {
    match filter {
        DocumentFilter::New => Some("new"),
        DocumentFilter::Seen => Some("seen"),
        DocumentFilter::Done => Some("done"),
        DocumentFilter::All => None,
    }
}

/// The order's name in an address; none for the default.
pub const fn sort_name(sort: DocumentSort) -> Option<&'static str> {
    match sort {
        DocumentSort::Newest => None,
        DocumentSort::Oldest => Some("oldest"),
        DocumentSort::Name => Some("name"),
        DocumentSort::ExpiresFirst => Some("expires"),
    }
}

/// `YYYY-MM-DD` as year, month, day; nothing for anything else.
pub fn day(text: &str) -> Option<(i16, u8, u8)> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year, month, day))
}

/// Reads an address; what it doesn't understand counts as not said.
pub fn read(params: &ParamsMap) -> DocumentQuery {
    let number = |key| params.get_str(key).and_then(|raw| raw.parse().ok()).unwrap_or_default();
    let a_day = |key| params.get(key).filter(|text| day(text).is_some());
    DocumentQuery {
        search: params.get_str("q").and_then(|raw| raw.parse().ok()),
        filter: match params.get_str("filter") {
            Some("new") => DocumentFilter::New,
            Some("seen") => DocumentFilter::Seen,
            Some("done") => DocumentFilter::Done,
            _ => DocumentFilter::All,
        },
        code: params.get_str("code").and_then(|raw| raw.parse().ok()),
        from: a_day("from"),
        to: a_day("to"),
        sort: match params.get_str("sort") {
            Some("oldest") => DocumentSort::Oldest,
            Some("name") => DocumentSort::Name,
            Some("expires") => DocumentSort::ExpiresFirst,
            _ => DocumentSort::Newest,
        },
        page: Page::new(number("page"), number("size")),
    }
}

/// Writes an address: only what differs from the default, always in the same order.
pub fn write(query: &DocumentQuery) -> String {
    let page = query.page;
    let said = [
        ("filter", filter_name(query.filter).map(str::to_owned)),
        ("q", query.search.as_ref().map(|text| encode(text.as_str()))),
        ("code", query.code.map(|id| id.to_string())),
        ("from", query.from.clone()),
        ("to", query.to.clone()),
        ("sort", sort_name(query.sort).map(str::to_owned)),
        ("size", (page.size() != Page::DEFAULT_SIZE).then(|| page.size().to_string())),
        ("page", (page.number() != 1).then(|| page.number().to_string())),
    ];
    let said: Vec<String> =
        said.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", value?))).collect();
    if said.is_empty() { LIST.to_owned() } else { format!("{LIST}?{}", said.join("&")) }
}

/// The address of a changed list: from its first page.
pub fn changed(query: &DocumentQuery, change: impl FnOnce(&mut DocumentQuery)) -> String {
    let mut query = query.clone();
    query.page = Page::new(1, query.page.size());
    change(&mut query);
    write(&query)
}

/// Whether the list leaves documents out.
pub fn narrows(query: &DocumentQuery) -> bool {
    query.search.is_some()
        || query.filter != DocumentFilter::All
        || query.code.is_some()
        || query.from.is_some()
        || query.to.is_some()
}

/// Percent-encoding (RFC 3986), the same on the server and in the browser.
fn encode(text: &str) -> String {
    let digit = |half: u8| char::from(b"0123456789ABCDEF"[usize::from(half)]);
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> DocumentQuery {
        DocumentQuery {
            search: "été & 50".parse().ok(),
            filter: DocumentFilter::New,
            code: "0190b5a0-0000-7000-8000-000000000001".parse().ok(),
            from: Some("2026-03-01".into()),
            to: Some("2026-03-31".into()),
            sort: DocumentSort::ExpiresFirst,
            page: Page::new(3, 50),
        }
    }

    /// What a browser hands to the router.
    fn params(address: &str) -> ParamsMap {
        let (_, said) = address.split_once('?').unwrap_or_default();
        said.split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.to_owned(), v)).collect()
    }

    #[test]
    fn a_list_survives_its_address() {
        // In the browser the router's own decoding needs JavaScript.
        if cfg!(feature = "ssr") {
            assert_eq!(read(&params(&write(&query()))), query());
            assert_eq!(read(&params(&write(&DocumentQuery::default()))), DocumentQuery::default());
        }
    }

    #[test]
    fn the_default_list_has_the_bare_address() {
        assert_eq!(write(&DocumentQuery::default()), LIST);
        assert!(!narrows(&DocumentQuery::default()) && narrows(&query()));
    }

    #[test]
    fn another_filter_starts_at_the_first_page() {
        let address = changed(&query(), |query| query.filter = DocumentFilter::Done);
        assert!(address.contains("filter=done") && address.contains("size=50"), "{address}");
        assert!(!address.contains("page="), "{address}");
    }

    #[test]
    fn only_a_day_is_a_day() {
        assert_eq!(day("2026-03-09"), Some((2026, 3, 9)));
        for wrong in ["", "2026-3-9", "2026-13-01", "09/03/2026", "2026-03-09T00:00"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }
}
