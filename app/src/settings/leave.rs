//! Nothing typed is lost by a slip: leaving with unsaved changes asks first.

use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys,
};

use crate::{
    i18n::use_i18n,
    identity::{go, is_gone},
    tx,
    ui::{Confirm, guard_leaving},
};

/// What was asked for.
enum Away {
    /// A link.
    To(String),
    /// Another act that leaves.
    By(Callback<()>),
}

/// Asks before a link of the portal leaves the page, and lets the browser ask before it closes or reloads it.
#[component]
pub(super) fn LeaveGuard(
    /// Something is not saved.
    #[prop(into)]
    unsaved: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let away = StoredValue::new(None::<Away>);
    let leaving = StoredValue::new(false);
    Effect::new(move |_| {
        let unload = window_event_listener(ev::beforeunload, move |event| {
            if unsaved.get_untracked() && !leaving.get_value() && !is_gone() {
                event.prevent_default();
                // Chrome before 119 asks only when there is a value.
                event.set_return_value("unsaved");
            }
        });
        on_cleanup(move || unload.remove());
        guard_leaving(Callback::new(move |act: Callback<()>| {
            if unsaved.get_untracked() {
                away.set_value(Some(Away::By(act)));
                open.set(true);
            } else {
                act.run(());
            }
        }));
        on_click_before_router(move |event| {
            if !unsaved.get_untracked() {
                return;
            }
            if let Some(href) = address_of_link(event) {
                event.prevent_default();
                away.set_value(Some(Away::To(href)));
                open.set(true);
            }
        });
    });
    let leave = move |()| {
        match away.try_update_value(Option::take).flatten() {
            Some(Away::To(address)) => {
                leaving.set_value(true);
                go(&address);
            }
            // It may fail: then the page is still there, with what is typed.
            Some(Away::By(act)) => {
                open.set(false);
                act.run(());
            }
            None => {}
        }
    };
    view! {
        <Confirm
            id="leave"
            open=open
            title=tx!(i18n, settings.leave_title)
            confirm_text=tx!(i18n, settings.leave)
            cancel_text=tx!(i18n, settings.stay)
            danger=true
            on_confirm=leave
        >
            <p>{tx!(i18n, settings.leave_text)}</p>
        </Confirm>
    }
}

/// Listens on the document, while the caller lives: the router listens on the window, hence afterwards, and leaves
/// alone what was prevented.
fn on_click_before_router(act: impl Fn(&web_sys::MouseEvent) + 'static) {
    let listener = Closure::<dyn Fn(web_sys::MouseEvent)>::new(move |event: web_sys::MouseEvent| act(&event));
    if document().add_event_listener_with_callback("click", listener.as_ref().unchecked_ref()).is_err() {
        return;
    }
    let listener = StoredValue::new_local(listener);
    on_cleanup(move || {
        listener.try_with_value(|listener| {
            // It was added above: it can be removed.
            drop(document().remove_event_listener_with_callback("click", listener.as_ref().unchecked_ref()));
        });
    });
}

/// Where a plain click leads, when it leaves this page in this tab.
fn address_of_link(event: &web_sys::MouseEvent) -> Option<String> {
    let altered = event.button() != 0
        || event.ctrl_key()
        || event.meta_key()
        || event.shift_key()
        || event.alt_key()
        || event.default_prevented();
    if altered {
        return None;
    }
    let element: web_sys::Element = event.target()?.dyn_into().ok()?;
    let link = element.closest("a[href]").ok().flatten()?;
    let elsewhere = link.has_attribute("target") || link.has_attribute("download");
    link.get_attribute("href").filter(|href| !elsewhere && !href.starts_with('#'))
}
