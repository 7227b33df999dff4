//! The printable sheet, A5. The patient reads it: always in French, whatever the language of who prints it.

use leptos::prelude::*;
use leptos_meta::Title;
use model::{
    codes::{CodeSecret, CodeSummary},
    identity::Me,
    time::Language,
};

use super::{
    list_query::PATH,
    show_code::{groups, typed},
    shown::Shown,
};
use crate::{
    i18n::use_i18n,
    shell::Failure,
    tx,
    ui::{Back, Button, EmptyState, Icon, LinkButton, PageHeader, Qr, Skeleton, Variant},
};

/// The sheet as it will be printed, and the button that prints it.
#[component]
pub fn SheetPage() -> impl IntoView {
    let i18n = use_i18n();
    let shown = Shown::of_address();
    let back = Signal::derive(move || {
        let href = shown.id.get().map_or_else(|| PATH.to_owned(), |id| format!("{PATH}/{id}"));
        Some(Back { href, text: tx!(i18n, codes.show_title) })
    });
    let printable = move || shown.view.with(|view| view.as_ref().is_some_and(|view| view.secret.is_some()));
    let print = move |_| {
        // A browser without a printer dialog has nothing to do.
        let _ = window().print();
    };
    let content = move || match (shown.view.get(), shown.error.get()) {
        (_, Some(error)) => view! { <Failure error=error /> }.into_any(),
        (None, None) => {
            view! { <div class="card"><Skeleton label=tx!(i18n, common.loading) lines=6 /></div> }.into_any()
        }
        (Some(view), None) => match view.secret {
            Some(secret) => view! { <Sheet code=view.summary secret=secret /> }.into_any(),
            None => view! {
                <EmptyState icon=Icon::Printer title=tx!(i18n, codes.sheet_ended_title)
                    text=tx!(i18n, codes.sheet_ended_text)>
                    <LinkButton href=format!("{PATH}/new") icon=Icon::Plus>{tx!(i18n, codes.new)}</LinkButton>
                </EmptyState>
            }
            .into_any(),
        },
    };
    view! {
        <Title text=tx!(i18n, codes.sheet_title) />
        <div class="no-print">
            <PageHeader title=tx!(i18n, codes.sheet_title) subtitle=tx!(i18n, codes.sheet_lead) back=back>
                {move || printable().then(|| view! {
                    <Button variant=Variant::Primary icon=Icon::Printer on_click=print>
                        {tx!(i18n, codes.sheet_print)}
                    </Button>
                })}
            </PageHeader>
        </div>
        {content}
    }
}

#[component]
fn Sheet(code: CodeSummary, secret: CodeSecret) -> impl IntoView {
    let place = expect_context::<Me>().establishment;
    let limits = limits(code.max_deposits, code.max_files);
    let until = code.expires_at.date_time(Language::Fr);
    view! {
        <article class="sheet" lang="fr">
            <div class="sheet-head">
                <span class="brand">
                    <span class="brand-mark">{Icon::ShieldCheck.view()}</span>
                    <span class="brand-name">"CareLink"</span>
                </span>
                {place.map(|place| view! { <address><strong>{place.name}</strong><br />{place.town}</address> })}
            </div>
            <h2 class="sheet-title">{format!("Envoyez-nous\u{a0}: {}", code.label)}</h2>
            {code.note.map(|note| view! { <p class="code-note">{note}</p> })}
            <div class="sheet-main">
                <Qr text=secret.link label="QR code du lien de dépôt" />
                <ol class="sheet-steps">
                    <li>"Ouvrez l’appareil photo de votre téléphone, visez ce carré et touchez le lien qui apparaît."</li>
                    <li>"Photographiez votre document ou choisissez un fichier, puis envoyez."</li>
                </ol>
            </div>
            <p>
                "Sans appareil photo, ouvrez " <span class="sheet-address">{typed(&secret.typed_address)}</span>
                " et tapez ce code\u{a0}:"
            </p>
            {groups(&secret.value)}
            <p>"Vous n’avez besoin ni de compte ni d’application. Votre document nous parvient chiffré."</p>
            <p class="sheet-foot">
                {format!("Code valable jusqu’au {until}. {limits} Gardez cette feuille pour vous\u{a0}: qui la tient peut déposer à votre place.")}
            </p>
        </article>
    }
}

/// What the code allows, in a sentence.
fn limits(deposits: u32, files: u32) -> String {
    let files = match files {
        0 | 1 => "d’un fichier".to_owned(),
        n => format!("de {n} fichiers au plus"),
    };
    match deposits {
        0 | 1 => format!("Un seul envoi, {files}."),
        n => format!("{n} envois au plus, chacun {files}."),
    }
}

#[cfg(test)]
mod tests {
    use super::limits;

    #[test]
    fn limits_read_well() {
        assert_eq!(limits(1, 1), "Un seul envoi, d’un fichier.");
        assert_eq!(limits(1, 10), "Un seul envoi, de 10 fichiers au plus.");
        assert_eq!(limits(3, 5), "3 envois au plus, chacun de 5 fichiers au plus.");
    }
}
