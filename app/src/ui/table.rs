//! Tables that become cards on a phone: each cell repeats its column's name in `data-label`.

use leptos::prelude::*;

use super::{button::join, icon::Icon};

/// How a column is sorted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Greatest first.
    Descending,
}

/// `<table>` in its frame; `children` are `<thead>` and `<tbody>`.
#[component]
pub fn Table(
    /// What the table holds, for screen readers.
    #[prop(into)]
    caption: Signal<String>,
    /// A list is being read again: it is dimmed.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// More classes of the `<table>`: `table-dense`, `audit`…
    #[prop(optional, into)]
    class: String,
    /// `<thead>` and `<tbody>`.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="table-box">
            <div class="table-frame" aria-busy=move || (cfg!(not(feature = "ssr")) && busy.get()).then_some("true")>
                <table class=join("table", class)>
                    <caption class="visually-hidden">{move || caption.get()}</caption>
                    {children()}
                </table>
            </div>
        </div>
    }
    .into_any()
}

/// A column's head that sorts: a link, so that it works without script and keeps the address.
#[component]
pub fn SortHeader(
    /// The column's name.
    #[prop(into)]
    label: Signal<String>,
    /// The list sorted by this column, or the other way round.
    #[prop(into)]
    href: Signal<String>,
    /// How it is sorted now, `None` when another column sorts.
    #[prop(optional, into)]
    direction: Signal<Option<Direction>>,
    /// More classes: `cell-number`, `cell-end`…
    #[prop(optional, into)]
    class: String,
) -> impl IntoView {
    let sorted = move || match direction.get() {
        None => "none",
        Some(Direction::Ascending) => "ascending",
        Some(Direction::Descending) => "descending",
    };
    let arrow = move || match direction.get() {
        None => Icon::ChevronsUpDown,
        Some(Direction::Ascending) => Icon::ArrowUp,
        Some(Direction::Descending) => Icon::ArrowDown,
    };
    view! {
        <th scope="col" class=class aria-sort=sorted>
            <a class="sort" href=move || href.get()>
                <span>{move || label.get()}</span>
                {move || arrow().view()}
            </a>
        </th>
    }
    .into_any()
}

/// A cell that knows its column's name, shown on a phone.
#[component]
pub fn Cell(
    /// The column's name; empty for a cell that needs none (title, actions).
    #[prop(optional, into)]
    label: Signal<Option<String>>,
    /// More classes: `cell-title`, `cell-number`, `cell-actions`, `cell-check`.
    #[prop(optional, into)]
    class: String,
    /// Content.
    children: Children,
) -> impl IntoView {
    view! {
        <td class=class data-label=move || label.get()>
            {children()}
        </td>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_sorted_column_says_so() {
        let html = Owner::new().with(|| {
            view! { <SortHeader label="Reçu" href="?sort=asc" direction=Some(Direction::Descending)/> }
                .to_html()
        });
        assert!(html.contains(r#"aria-sort="descending""#), "{html}");
        assert!(html.contains(r#"href="?sort=asc""#), "{html}");
    }
}
