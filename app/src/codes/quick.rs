//! One gesture to a code: the usual request with the usual limits.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use model::{
    codes::{MaxDeposits, MaxFiles, NewCode, ValidityMinutes},
    text::Label,
};

use super::{api, hand_over, list_query::PATH};
use crate::{
    i18n::use_i18n,
    shell::error_text,
    tx,
    ui::{Button, Icon, use_toasts},
};

/// A button that generates a code for "Documents" and shows it.
#[component]
pub(crate) fn QuickCode() -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let click = move |_| {
        let Ok(label) = tx!(i18n, codes.quick_label).parse::<Label>() else { return };
        let new = NewCode {
            label,
            note: None,
            validity: ValidityMinutes::default(),
            max_deposits: MaxDeposits::default(),
            max_files: MaxFiles::default(),
        };
        let navigate = navigate.clone();
        busy.set(true);
        spawn_local(async move {
            let done = api::generate(new).await;
            // The page may have been left meanwhile: then nobody waits for the code any more.
            if busy.try_set(false).is_some() {
                return;
            }
            match done {
                Ok(view) => {
                    let address = format!("{PATH}/{}", view.summary.id);
                    hand_over::put(view);
                    navigate(&address, leptos_router::NavigateOptions::default());
                }
                Err(failed) => {
                    toasts.failure(error_text(i18n, &failed));
                }
            }
        });
    };
    view! {
        <Button icon=Icon::Qr busy=busy on_click=click attr:title=tx!(i18n, codes.quick_hint)>
            {tx!(i18n, codes.quick)}
        </Button>
    }
}
