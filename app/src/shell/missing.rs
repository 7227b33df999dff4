//! An address of the portal that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use super::set_status;
use crate::{
    error::ErrorKind,
    i18n::use_i18n,
    tx,
    ui::{EmptyState, Icon, LinkButton, PageHeader},
};

/// Answers 404 and says where to go on.
#[component]
pub fn Missing() -> impl IntoView {
    let i18n = use_i18n();
    set_status(ErrorKind::NotFound);
    view! {
        <Title text=tx!(i18n, shell.missing_title) />
        <main id="main" class="shell-main">
            <div class="shell-content">
                <PageHeader title=tx!(i18n, shell.missing_title) />
                <EmptyState icon=Icon::Search title=tx!(i18n, shell.missing_text)>
                    <LinkButton href="/portal">{tx!(i18n, shell.missing_home)}</LinkButton>
                </EmptyState>
            </div>
        </main>
    }
}
