//! The value itself: large, spelt, with its address, its QR code and the time that is left.

use leptos::prelude::*;
use model::codes::{CodeSecret, CodeState, TransferCode};

use super::{shown::Shown, spelling::spell};
use crate::{
    i18n::use_i18n,
    shell::use_language,
    tx,
    ui::{CopyButton, Countdown, Icon, Qr, Remaining, Variant},
};

/// An address as people type it.
pub(super) fn typed(address: &str) -> String {
    let address =
        address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(address);
    address.to_owned()
}

/// The value in two groups.
pub(super) fn groups(value: &TransferCode) -> impl IntoView + use<> {
    let grouped = value.grouped();
    let spans = grouped.split(' ').map(|group| view! { <span>{group.to_owned()}</span> " " }).collect_view();
    view! { <p class="code">{spans}</p> }
}

/// The value, how to say it, where to type it, and for how long.
#[component]
pub(super) fn Code(secret: CodeSecret, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let spelt = spell(&secret.value, use_language());
    let until = Signal::derive(move || {
        shown.view.with(|view| view.as_ref().map_or(0, |view| view.summary.expires_at.unix_ms))
    });
    let now = Memo::new(move |_| shown.view.with(|view| view.as_ref().map_or(0, |view| view.now.unix_ms)));
    let (day, hour, over) =
        (tx!(i18n, codes.day_letter), tx!(i18n, codes.hour_letter), tx!(i18n, codes.over));
    let format =
        move |left: Option<Remaining>| left.map_or_else(|| over.clone(), |left| left.clock(&day, &hour));
    view! {
        <section class="card code-card" aria-label=tx!(i18n, codes.code_region)>
            {groups(&secret.value)}
            <p class="code-spelling">{spelt}</p>
            // The clock is not news: a live region around it would speak each second.
            <p class="code-time" aria-live="off">
                {Icon::Clock.view()}
                <span>
                    {tx!(i18n, codes.left)} " "
                    <Countdown until_ms=until now_ms=now format=format on_end=Callback::new(move |()| shown.end(CodeState::Expired)) />
                </span>
            </p>
            <div class="row">
                <CopyButton text=secret.value.to_string() label=tx!(i18n, codes.copy_code)
                    copied=tx!(i18n, common.copied) />
            </div>
            <div class="code-address">
                <code>{typed(&secret.typed_address)}</code>
                <CopyButton quiet=true variant=Variant::Ghost text=secret.typed_address
                    label=tx!(i18n, codes.copy_address) copied=tx!(i18n, common.copied) />
            </div>
        </section>
    }
}

/// The same for a phone's camera.
#[component]
pub(super) fn Scan(secret: CodeSecret) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card code-card">
            <h2>{tx!(i18n, codes.scan_title)}</h2>
            <div class="code-qr"><Qr text=secret.link.clone() label=tx!(i18n, codes.qr_label) /></div>
            <CopyButton text=secret.link label=tx!(i18n, codes.copy_link) copied=tx!(i18n, common.copied) />
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn an_address_is_shown_as_it_is_typed() {
        assert_eq!(typed("https://carelink.exemple.fr/d/lilas"), "carelink.exemple.fr/d/lilas");
        assert_eq!(typed("http://localhost:3000/d/lilas"), "localhost:3000/d/lilas");
    }
}
