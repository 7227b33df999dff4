//! Pagination by links, so that a page of a list has an address and works without script.

use std::sync::Arc;

use leptos::prelude::*;

use super::icon::Icon;

/// What stands between "previous" and "next".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Page(u64),
    Gap,
}

/// Pages to show: the first, the last, the current and its neighbours; never a gap of one page.
fn steps(current: u64, last: u64) -> Vec<Step> {
    let mut shown: Vec<u64> = (1..=last)
        .filter(|page| {
            *page == 1
                || *page == last
                || page.abs_diff(current) <= 1
                || (current <= 3 && *page <= 4)
                || (current + 2 >= last && *page + 3 >= last)
        })
        .collect();
    shown.dedup();
    let mut steps = Vec::new();
    let mut before = 0;
    for page in shown {
        match page - before {
            0 | 1 => {}
            2 => steps.push(Step::Page(page - 1)),
            _ => steps.push(Step::Gap),
        }
        steps.push(Step::Page(page));
        before = page;
    }
    steps
}

/// First and last item of a page, counted from 1; (0, 0) when there is nothing.
fn range(page: u64, per_page: u64, total: u64) -> (u64, u64) {
    let first = page.saturating_sub(1).saturating_mul(per_page) + 1;
    if total == 0 || first > total { (0, 0) } else { (first, total.min(first + per_page - 1)) }
}

/// The texts of a `Pagination`.
#[derive(Clone)]
pub struct PaginationTexts {
    /// Name of the navigation ("Pages").
    pub label: String,
    /// "Précédent"
    pub previous: String,
    /// "Suivant"
    pub next: String,
    /// "{first}–{last} sur {total}"
    pub summary: Arc<dyn Fn(u64, u64, u64) -> String + Send + Sync>,
}

/// Where we are in a list, and links to its other pages. `href` builds a page's address and keeps the query.
#[component]
pub fn Pagination(
    /// The current page, from 1.
    #[prop(into)]
    page: Signal<u64>,
    /// Items in a page.
    per_page: u64,
    /// Items in all.
    #[prop(into)]
    total: Signal<u64>,
    /// A page's address.
    href: impl Fn(u64) -> String + Send + Sync + 'static,
    /// Its texts.
    #[prop(into)]
    texts: Signal<PaginationTexts>,
) -> impl IntoView {
    let per_page = per_page.max(1);
    move || {
        let (page, total, texts) = (page.get().max(1), total.get(), texts.get());
        let last = total.div_ceil(per_page).max(1);
        let (from, to) = range(page, per_page, total);
        let numbers = steps(page, last)
            .into_iter()
            .map(|step| match step {
                Step::Gap => view! { <li class="pagination-gap" aria-hidden="true">"…"</li> }.into_any(),
                Step::Page(n) => {
                    let current = (n == page).then_some("page");
                    view! {
                        <li class="pagination-number">
                            <a href=href(n) aria-current=current>{n.to_string()}</a>
                        </li>
                    }
                    .into_any()
                }
            })
            .collect_view();
        let links = (last > 1).then(|| {
            view! {
                <nav class="pagination-links" aria-label=texts.label.clone()>
                    <ul>
                        <li>{turn((page > 1).then(|| href(page - 1)), Icon::ChevronLeft, "prev", texts.previous)}</li>
                        {numbers}
                        <li>{turn((page < last).then(|| href(page + 1)), Icon::ChevronRight, "next", texts.next)}</li>
                    </ul>
                </nav>
            }
        });
        view! {
            <div class="pagination">
                <p class="pagination-summary">{(texts.summary)(from, to, total)}</p>
                {links}
            </div>
        }
    }
}

/// A link to a neighbour; a placeholder without a link at either end (`href` is then not there).
fn turn(href: Option<String>, icon: Icon, rel: &'static str, text: String) -> impl IntoView {
    let disabled = href.is_none().then_some("true");
    let role = href.is_none().then_some("link");
    let rel = href.is_some().then_some(rel);
    view! {
        <a class="pagination-turn" href=href rel=rel role=role aria-disabled=disabled>
            {icon.view()}
            <span class="visually-hidden">{text}</span>
        </a>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(current: u64, last: u64) -> String {
        let name = |step: &Step| match step {
            Step::Page(n) if *n == current => format!("[{n}]"),
            Step::Page(n) => n.to_string(),
            Step::Gap => "…".into(),
        };
        steps(current, last).iter().map(name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_keep_both_ends_and_the_neighbours() {
        assert_eq!(shown(1, 1), "[1]");
        assert_eq!(shown(2, 5), "1 [2] 3 4 5");
        assert_eq!(shown(1, 12), "[1] 2 3 4 … 12");
        assert_eq!(shown(6, 12), "1 … 5 [6] 7 … 12");
        assert_eq!(shown(12, 12), "1 … 9 10 11 [12]");
    }

    #[test]
    fn a_gap_never_hides_a_single_page() {
        assert_eq!(shown(4, 12), "1 2 3 [4] 5 … 12");
        assert_eq!(shown(9, 12), "1 … 8 [9] 10 11 12");
    }

    #[test]
    fn the_range_stops_at_the_total() {
        assert_eq!(range(1, 25, 0), (0, 0));
        assert_eq!(range(3, 25, 60), (51, 60));
        assert_eq!(range(9, 25, 60), (0, 0));
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn the_first_page_has_no_previous_address() {
        let texts = PaginationTexts {
            label: "Pages".into(),
            previous: "Précédent".into(),
            next: "Suivant".into(),
            summary: Arc::new(|from, to, total| format!("{from}–{to} sur {total}")),
        };
        let html = Owner::new().with(|| {
            view! { <Pagination page=1 per_page=25 total=60 href=|n| format!("?q=dupont&page={n}") texts=texts/> }
                .to_html()
        });
        assert!(html.contains("1–25 sur 60"), "{html}");
        assert!(html.contains(r#"aria-current="page""#), "{html}");
        assert!(html.contains(r#"aria-disabled="true""#), "{html}");
        assert!(html.contains("?q=dupont&amp;page=2"), "{html}");
        assert!(!html.contains("page=0"), "{html}");
    }
}
