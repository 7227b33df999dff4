//! Documents received on each of the last 30 days.

use leptos::prelude::*;
use model::time::{Language, Moment};

use crate::{
    codes::plural,
    i18n::use_i18n,
    shell::use_language,
    tx,
    ui::{Bar, BarChart},
};

/// "12 mars" for `2026-03-12`; what is no day stays as it is.
fn day_name(day: &str, language: Language) -> String {
    let mut parts = day.split('-');
    let mut next = || parts.next().unwrap_or_default();
    let (Ok(year), Ok(month), Ok(number)) = (next().parse(), next().parse(), next().parse()) else {
        return day.to_owned();
    };
    let date = Moment { unix_ms: 0, year, month, day: number, hour: 0, minute: 0 }.date(language);
    // Thirty days don't need their year.
    date.rsplit_once(' ').map_or(date.clone(), |(name, _)| name.to_owned())
}

/// The chart, with its figures as a table.
#[component]
pub(super) fn Received(days: Vec<(String, u64)>) -> impl IntoView {
    let i18n = use_i18n();
    let language = use_language();
    let sum: u64 = days.iter().map(|(_, count)| count).sum();
    let caption = if plural(sum, language) {
        tx!(i18n, home.chart_caption_many, count = sum)
    } else {
        tx!(i18n, home.chart_caption_one, count = sum)
    };
    let data = days.into_iter().map(|(day, value)| Bar { label: day_name(&day, language), value }).collect();
    view! {
        <section class="card">
            <div class="card-head"><h2>{tx!(i18n, home.chart)}</h2></div>
            <BarChart data=data caption=caption table_text=tx!(i18n, home.chart_table)
                label_head=tx!(i18n, home.chart_day) value_head=tx!(i18n, home.chart_value) />
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_named_without_its_year() {
        assert_eq!(day_name("2026-03-12", Language::Fr), "12 mars");
        assert_eq!(day_name("2026-11-05", Language::En), "5 Nov");
        assert_eq!(day_name("hier", Language::Fr), "hier");
    }
}
