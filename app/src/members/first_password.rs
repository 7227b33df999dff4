//! A first password made by the browser's cryptographic generator: readable aloud, 80 bits.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use crate::{
    i18n::use_i18n,
    tx,
    ui::{Button, CopyButton, Field, Icon},
};

/// Crockford's alphabet in small letters: no look-alikes, and 32 symbols take five bits without bias.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// `k7m4-qx9t-rb2h-v3pa`, or nothing where the browser has no such generator.
fn generate() -> Option<String> {
    Some(spell(random()?))
}

fn spell(bytes: [u8; 16]) -> String {
    let mut text = String::with_capacity(19);
    for (i, byte) in bytes.into_iter().enumerate() {
        if i > 0 && i % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(byte & 31)]));
    }
    text
}

/// `crypto.getRandomValues`, there on plain http too.
fn random() -> Option<[u8; 16]> {
    let crypto = js_sys::Reflect::get(&window(), &"crypto".into()).ok()?;
    let fill = js_sys::Reflect::get(&crypto, &"getRandomValues".into()).ok()?;
    let array = js_sys::Uint8Array::new_with_length(16);
    fill.dyn_into::<js_sys::Function>().ok()?.call1(&crypto, &array).ok()?;
    let mut bytes = [0; 16];
    array.copy_to(&mut bytes);
    Some(bytes)
}

/// The first password: typed, or generated and then readable.
#[component]
pub(super) fn FirstPassword(bind: RwSignal<String>, error: Signal<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let generated = RwSignal::new(None::<String>);
    let failed = RwSignal::new(false);
    let failure = tx!(i18n, members.generate_failed);
    let error = Signal::derive(move || failed.get().then(|| failure.clone()).or_else(|| error.get()));
    let click = move |_| {
        let made = generate();
        failed.set(made.is_none());
        if let Some(password) = &made {
            bind.set(password.clone());
        }
        generated.set(made);
    };
    // Typed over: it is no more the generated one.
    let shown = move || generated.get().filter(|made| bind.with(|typed| typed == made));
    view! {
        <div class="stack-tight">
            <Field name="first_password" label=tx!(i18n, members.password) hint=tx!(i18n, members.password_hint)
                kind="password" bind=bind error=error required=true autocomplete="new-password" />
            <div class="row">
                <Button small=true icon=Icon::Key on:click=click>{tx!(i18n, members.generate)}</Button>
                <span class="visually-hidden" role="status">
                    {move || shown().map(|_| tx!(i18n, members.generated))}
                </span>
            </div>
            {move || shown().map(|password| view! { <Secret password=password /> })}
        </div>
    }
}

/// A password in clear, with a button that copies it.
#[component]
pub(super) fn Secret(password: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="secret">
            <code>{password.clone()}</code>
            <CopyButton text=password label=tx!(i18n, members.copy_password) copied=tx!(i18n, common.copied) />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use model::identity::{Password, check_new_password};

    use super::spell;

    #[test]
    fn sixteen_symbols_in_groups_of_four() {
        let bytes = std::array::from_fn(|i| u8::try_from(i * 37 % 256).unwrap());
        let text = spell(bytes);
        assert_eq!(text, "05af-msy3-8djq-w16b");
        assert_eq!(check_new_password(&Password::new(text), &[]), Ok(()));
    }
}
