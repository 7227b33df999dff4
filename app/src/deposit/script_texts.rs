//! What the script is told: addresses, limits and texts, as a block of data that is never executed.

use leptos::prelude::*;
use serde::Serialize;

use super::parts::limit;
use super::texts::Script;
use super::views::{Deposit, Shell};

#[derive(Serialize)]
struct Told<'a> {
    files: String,
    close: String,
    scope: &'a str,
    max_bytes: u64,
    limit: String,
    left: u32,
    decimal: &'a str,
    kilobytes: &'a str,
    megabytes: &'a str,
    texts: &'a Script,
}

/// `<script type="application/json" id="told">` for the deposit page.
pub(super) fn for_deposit(shell: &Shell, page: &Deposit, left: u32) -> AnyView {
    let texts = shell.lang.texts();
    let path = format!("/d/{}", page.establishment.slug);
    data_block(&Told {
        files: format!("{path}/deposit/files?of={}", page.scope),
        close: format!("{path}/deposit/close?of={}", page.scope),
        scope: &page.scope,
        max_bytes: page.max_file_bytes,
        limit: limit(&texts.common, page.max_file_bytes),
        left,
        decimal: texts.common.decimal,
        kilobytes: texts.common.kilobytes,
        megabytes: texts.common.megabytes,
        texts: &texts.script,
    })
}

/// The same for the receipt: only what is announced when a state changes.
pub(super) fn for_receipt(shell: &Shell) -> AnyView {
    #[derive(Serialize)]
    struct ToldReceipt {
        state_changed: &'static str,
    }
    data_block(&ToldReceipt { state_changed: shell.lang.texts().script.state_changed })
}

fn data_block(told: &impl Serialize) -> AnyView {
    // `<` is written as an escape: no text can end the block or open a comment in it.
    let json = serde_json::to_string(told).unwrap_or_default().replace('<', "\\u003c");
    view! { <script type="application/json" id="told" inner_html=json></script> }.into_any()
}
