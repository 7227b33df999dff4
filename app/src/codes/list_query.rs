//! What the address of the list says, so that reloading, going back and sending a link work.

use leptos_router::params::ParamsMap;
use model::{codes::CodeScope, list::Page, text::Search};

pub(super) const PATH: &str = "/portal/codes";

/// Scope, words and page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ListQuery {
    pub scope: CodeScope,
    pub words: String,
    pub page: u32,
}

impl ListQuery {
    /// Reads an address; what it doesn't say, or says wrongly, is the default.
    pub fn read(map: &ParamsMap) -> Self {
        let scope = match map.get_str("scope") {
            Some("past") => CodeScope::Past,
            Some("all") => CodeScope::All,
            _ => CodeScope::Active,
        };
        Self {
            scope,
            words: map.get("q").unwrap_or_default().trim().to_owned(),
            page: map.get("page").and_then(|page| page.parse().ok()).unwrap_or(1),
        }
    }

    /// The address that says it.
    pub fn address(&self) -> String {
        let mut map = ParamsMap::new();
        if self.scope != CodeScope::Active {
            map.insert("scope", scope_name(self.scope).to_owned());
        }
        if !self.words.is_empty() {
            map.insert("q", self.words.clone());
        }
        if self.page > 1 {
            map.insert("page", self.page.to_string());
        }
        format!("{PATH}{}", map.to_query_string())
    }

    /// The same list from its beginning, with another scope.
    pub fn in_scope(&self, scope: CodeScope) -> Self {
        Self { scope, page: 1, ..self.clone() }
    }

    /// The same list at another page.
    pub fn at_page(&self, page: u64) -> Self {
        Self { page: u32::try_from(page).unwrap_or(1), ..self.clone() }
    }

    /// The list of what holds these words, from its beginning.
    pub fn with_words(&self, words: &str) -> Self {
        Self { words: words.trim().to_owned(), page: 1, ..self.clone() }
    }

    pub fn search(&self) -> Option<Search> {
        self.words.parse().ok()
    }

    pub fn page(&self) -> Page {
        Page::new(self.page, 0)
    }
}

/// A scope's name in addresses.
pub(super) const fn scope_name(scope: CodeScope) -> &'static str {
    match scope {
        CodeScope::Active => "active",
        CodeScope::Past => "past",
        CodeScope::All => "all",
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> ListQuery {
        ListQuery::read(&pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn an_address_reads_back() {
        let query = ListQuery { scope: CodeScope::Past, words: "carte & mutuelle".into(), page: 3 };
        assert_eq!(
            read(&[("scope", "past"), ("q", " carte & mutuelle "), ("page", "3")]),
            query,
            "{}",
            query.address()
        );
        assert!(query.address().starts_with("/portal/codes?scope=past&q=carte"), "{}", query.address());
        assert!(!query.address().contains("& "), "{}", query.address());
    }

    #[test]
    fn the_plain_address_is_the_default() {
        assert_eq!(ListQuery { page: 1, ..ListQuery::default() }.address(), "/portal/codes");
        assert_eq!(read(&[("scope", "x"), ("page", "-1")]), ListQuery { page: 1, ..ListQuery::default() });
    }

    #[test]
    fn another_scope_or_other_words_begin_at_the_first_page() {
        let query = ListQuery { scope: CodeScope::All, words: "a".into(), page: 7 };
        assert_eq!(query.in_scope(CodeScope::Past).page, 1);
        assert_eq!(query.with_words(" b ").address(), "/portal/codes?scope=all&q=b");
    }
}
