//! A bar chart of daily values, drawn by the server, with the same figures as a table for who can't see it.

use leptos::prelude::*;

/// The bars live in a box of 100 units high and this many units a bar.
const STEP: usize = 10;
const HEIGHT: f64 = 100.0;

/// The top of the scale: the next 2, 4, 6, 8, 10, 12, 16, 20, 40… so that its half is a whole number too.
fn top(greatest: u64) -> u64 {
    let mut scale: u64 = 1;
    loop {
        for nice in [2, 4, 6, 8, 10, 12, 16] {
            let top = scale.saturating_mul(nice);
            if top >= greatest || top == u64::MAX {
                return top;
            }
        }
        scale = scale.saturating_mul(10);
    }
}

/// Height of a bar, in units of the box; a value that is not zero is always seen.
#[expect(clippy::cast_precision_loss, reason = "a drawing needs no more than 52 bits")]
fn height(value: u64, top: u64) -> f64 {
    if value == 0 { 0.0 } else { (value as f64 / top as f64 * HEIGHT).max(1.5) }
}

/// One value of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its name, a day as a rule ("12 mars").
    pub label: String,
    /// Its value.
    pub value: u64,
}

/// Bars over days. The first, middle and last names stand under it; the table, folded, holds them all.
#[component]
pub fn BarChart(
    /// From the oldest to the newest.
    data: Vec<Bar>,
    /// What it shows, and its sum: "Documents reçus, 30 derniers jours : 84".
    #[prop(into)]
    caption: String,
    /// Opens the table: "Voir les chiffres".
    #[prop(into)]
    table_text: String,
    /// Head of the names ("Jour").
    #[prop(into)]
    label_head: String,
    /// Head of the values ("Documents").
    #[prop(into)]
    value_head: String,
) -> impl IntoView {
    let top = top(data.iter().map(|bar| bar.value).max().unwrap_or(0));
    let width = data.len().max(1) * STEP;
    let bars = data
        .iter()
        .enumerate()
        .map(|(index, Bar { label, value })| {
            let high = height(*value, top);
            view! {
                <g class="chart-bar">
                    <title>{format!("{label} : {value}")}</title>
                    <rect class="chart-hit" x=index * STEP y="0" width=STEP height="100"></rect>
                    <rect class="chart-fill" x=index * STEP + 2 y=format!("{:.1}", HEIGHT - high)
                        width=STEP - 4 height=format!("{high:.1}")></rect>
                </g>
            }
        })
        .collect_view();
    let names = [0, data.len() / 2, data.len().saturating_sub(1)]
        .map(|index| data.get(index).map(|bar| view! { <span>{bar.label.clone()}</span> }));
    let rows = data
        .into_iter()
        .map(|bar| {
            view! {
                <tr>
                    <th scope="row">{bar.label}</th>
                    <td>{bar.value.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    let table_caption = caption.clone();
    view! {
        <figure class="chart">
            <figcaption class="chart-caption">{caption}</figcaption>
            <div class="chart-plot" aria-hidden="true">
                <div class="chart-scale">
                    <span>{top.to_string()}</span>
                    <span>{(top / 2).to_string()}</span>
                    <span>"0"</span>
                </div>
                <svg class="chart-bars" viewBox=format!("0 0 {width} 100") preserveAspectRatio="none">{bars}</svg>
                <div class="chart-names">{names}</div>
            </div>
            <details class="chart-table">
                <summary>{table_text}</summary>
                <table class="table table-dense">
                    <caption class="visually-hidden">{table_caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{label_head}</th>
                            <th scope="col">{value_head}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </figure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_holds_the_greatest_value_and_has_a_whole_middle() {
        for (greatest, expected) in
            [(0, 2), (1, 2), (3, 4), (5, 6), (7, 8), (11, 12), (17, 20), (41, 60), (101, 120), (161, 200)]
        {
            assert_eq!(top(greatest), expected, "{greatest}");
            assert_eq!(top(greatest) % 2, 0);
        }
    }

    #[test]
    fn zero_is_nothing_and_one_is_seen() {
        assert!(height(0, 1000) < f64::EPSILON);
        assert!(height(1, 1000) > 1.0);
        assert!((height(500, 1000) - 50.0).abs() < f64::EPSILON);
    }
}
