//! The keys of the viewer, and the switch that turns them off.

use leptos::prelude::*;

use crate::{
    i18n::use_i18n,
    tx,
    ui::{Checkbox, Dialog},
};

/// Opened by "?" or by the button in the bar.
#[component]
pub fn Help(open: RwSignal<bool>, shortcuts: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let or = tx!(i18n, documents.key_or);
    let keys: [(&[&str], String); 9] = [
        (&["Page ↓", "Page ↑"], tx!(i18n, documents.key_pages)),
        (&[".", ","], tx!(i18n, documents.key_pages)),
        (&["+", "−"], tx!(i18n, documents.key_zoom)),
        (&["0"], tx!(i18n, documents.key_fit)),
        (&["r"], tx!(i18n, documents.key_rotate)),
        (&["p"], tx!(i18n, documents.key_print)),
        (&["j", "→"], tx!(i18n, documents.key_older)),
        (&["k", "←"], tx!(i18n, documents.key_newer)),
        (&["d"], tx!(i18n, documents.key_done)),
    ];
    let rows = keys
        .into_iter()
        .map(|(keys, act)| {
            let keys = keys
                .iter()
                .enumerate()
                .map(|(index, key)| {
                    let joint = (index > 0).then(|| format!(" {or} "));
                    view! { {joint} <kbd>{*key}</kbd> }
                })
                .collect_view();
            view! {
                <tr>
                    <th scope="row" class="cell-nowrap">{keys}</th>
                    <td>{act}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Dialog id="viewer-help" open=open title=tx!(i18n, documents.help) close_label=tx!(i18n, common.close)>
            <table class="table table-dense">
                <thead>
                    <tr>
                        <th scope="col">{tx!(i18n, documents.help_key)}</th>
                        <th scope="col">{tx!(i18n, documents.help_act)}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows}
                    <tr>
                        <th scope="row"><kbd>"?"</kbd></th>
                        <td>{tx!(i18n, documents.key_help)}</td>
                    </tr>
                </tbody>
            </table>
            <Checkbox name="shortcuts" switch=true bind=shortcuts label=tx!(i18n, documents.help_switch)
                hint=Some(tx!(i18n, documents.help_switch_hint)) />
        </Dialog>
    }
}
