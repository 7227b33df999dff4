//! The frame of every page of the portal: document, router, navigation, and the words that pages share.

mod document;
mod frame;
mod missing;
mod navigation;
mod only;
mod status;
mod when;
mod words;

pub use document::document;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};
use model::{roles::Permission, time::Language};
use only::Only;
pub use status::set_status;
pub use when::{When, use_language};
pub use words::{
    Failed, Failure, code_state, document_state, error_text, file_kind, file_size, pagination_texts,
    role_name,
};

use crate::{audit, codes, documents, home, i18n, identity, members, registration, settings};

/// The staff's portal. Pages are rendered whole before they are sent (`SsrMode::Async`): the right status, one
/// response, nothing that jumps.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <i18n::I18nContextProvider
            set_lang_attr_on_html=false
            set_dir_attr_on_html=false
            enable_cookie=false
            // The server's choice is taken below; the library's own search would warn that it has no header.
            ssr_lang_header_getter=leptos_i18n::context::UseLocalesOptions::default().ssr_lang_header_getter(|| None)
        >
            <Localised />
        </i18n::I18nContextProvider>
    }
    .into_any()
}

/// Below the texts' context: takes the language that the server chose, on both sides.
#[component]
fn Localised() -> impl IntoView {
    let language = when::provide_language();
    i18n::use_i18n().set_locale(match language {
        Language::Fr => i18n::Locale::fr,
        Language::En => i18n::Locale::en,
    });
    crate::ui::provide_toasts();
    // Tells style sheets and tests that the page is alive: effects run in the browser only.
    Effect::new(|_| {
        if let Some(html) = leptos::prelude::document().document_element() {
            let _ = html.set_attribute("data-alive", "");
        }
        crate::ui::keep_focus();
    });
    view! {
        <Router>
            <Routes fallback=missing::Missing>
                <Route path=path!("/portal/sign-in") view=identity::SignInPage ssr=SsrMode::Async />
                <Route path=path!("/portal/forgotten") view=identity::ForgottenPage ssr=SsrMode::Async />
                <Route path=path!("/portal/reset") view=identity::ResetPage ssr=SsrMode::Async />
                <Route path=path!("/portal/not-me") view=identity::NotMePage ssr=SsrMode::Async />
                <Route path=path!("/portal/email") view=identity::ConfirmEmailPage ssr=SsrMode::Async />
                <Route path=path!("/portal/register") view=registration::RegisterPage ssr=SsrMode::Async />
                <Route path=path!("/portal/registration") view=registration::ConfirmPage ssr=SsrMode::Async />
                <Route path=path!("/portal/invitation") view=members::InvitationPage ssr=SsrMode::Async />
                <Route path=path!("/portal/signed-in") view=identity::SignedInPage ssr=SsrMode::Async />
                <Route path=path!("/portal/second-factor") view=identity::SecondFactorPage ssr=SsrMode::Async />
                <Route path=path!("/portal/choose") view=identity::ChoosePage ssr=SsrMode::Async />
                <ParentRoute path=path!("/portal") view=frame::Frame ssr=SsrMode::Async>
                    <Route path=path!("") view=home::HomePage ssr=SsrMode::Async />
                    <Route path=path!("codes") view=codes::ListPage ssr=SsrMode::Async />
                    <Route path=path!("codes/new") view=|| view! { <Only permission=Permission::Codes><codes::NewPage /></Only> } ssr=SsrMode::Async />
                    <Route path=path!("codes/:id") view=|| view! { <Only permission=Permission::Codes><codes::ShowPage /></Only> } ssr=SsrMode::Async />
                    <Route path=path!("codes/:id/sheet") view=|| view! { <Only permission=Permission::Codes><codes::SheetPage /></Only> } ssr=SsrMode::Async />
                    <Route path=path!("documents") view=documents::ListPage ssr=SsrMode::Async />
                    <Route path=path!("documents/:id") view=|| view! { <Only permission=Permission::OpenDocuments><documents::ViewerPage /></Only> } ssr=SsrMode::Async />
                    <Route path=path!("people") view=members::ListPage ssr=SsrMode::Async />
                    <Route path=path!("settings") view=settings::SettingsPage ssr=SsrMode::Async />
                    <Route path=path!("audit") view=audit::ListPage ssr=SsrMode::Async />
                    <Route path=path!("registrations") view=registration::ListPage ssr=SsrMode::Async />
                    <Route path=path!("account") view=identity::AccountPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
    .into_any()
}
