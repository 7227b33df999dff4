//! The export: a form of its own, because its answer is a file.

use leptos::prelude::*;

use super::filter::Filter;
use crate::{
    api,
    i18n::use_i18n,
    tx,
    ui::{Button, Icon},
};

/// Posts the current filters. The token against cross-site requests is read once the page is alive.
#[component]
pub(super) fn Export(filter: Memo<Filter>) -> impl IntoView {
    let i18n = use_i18n();
    let token = RwSignal::new(String::new());
    Effect::new(move |_| token.set(api::meta(api::CSRF_META).unwrap_or_default()));
    let fields = move || {
        let fields = filter.get().fields().into_iter();
        fields.map(|(name, text)| view! { <input type="hidden" name=name value=text /> }).collect_view()
    };
    let asleep = Signal::derive(move || token.read().is_empty());
    view! {
        <form method="post" action="/api/v1/audit/export">
            <input type="hidden" name="csrf" value=move || token.get() />
            {fields}
            <Button kind="submit" icon=Icon::Download disabled=asleep attr:title=tx!(i18n, audit.export_hint)>
                {tx!(i18n, audit.export)}
            </Button>
        </form>
    }
}
