//! Toasts: short news at the edge of the screen, announced to screen readers, with an optional undo.
//!
//! They wait while the pointer or the focus is on them. What must not be missed belongs in a `Notice`.

use std::time::Duration;

use leptos::prelude::*;

use super::{badge::Tone, button::Button, button::Variant, icon::Icon, shortcut::use_undo_key};

const TICK: Duration = Duration::from_millis(250);

/// A button in a toast ("Annuler"); the toast leaves when it is pressed.
#[derive(Clone)]
pub struct ToastAction {
    /// Its text.
    pub text: String,
    /// What it does.
    pub run: Callback<()>,
    /// Whether it takes back what was just done: Ctrl+Z does the same then.
    pub undoes: bool,
}

#[derive(Clone)]
struct Toast {
    id: u64,
    tone: Tone,
    text: String,
    action: Option<ToastAction>,
    duration: Duration,
}

/// Where any component sends its news: `expect_toasts().push(…)`.
#[derive(Clone, Copy)]
pub struct ToastHub {
    toasts: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
    held: RwSignal<bool>,
}

impl ToastHub {
    /// Shows a toast for `duration` and gives its number. `Danger` interrupts a screen reader; others wait.
    pub fn push(
        self,
        tone: Tone,
        text: impl Into<String>,
        action: Option<ToastAction>,
        duration: Duration,
    ) -> u64 {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.toasts.update(|all| all.push(Toast { id, tone, text: text.into(), action, duration }));
        id
    }

    /// A success, for 5 seconds.
    pub fn success(self, text: impl Into<String>) -> u64 {
        self.push(Tone::Success, text, None, Duration::from_secs(5))
    }

    /// A failure, for 10 seconds.
    pub fn failure(self, text: impl Into<String>) -> u64 {
        self.push(Tone::Danger, text, None, Duration::from_secs(10))
    }

    /// Takes back what the newest toast offers to, if any does.
    fn undo_newest(self) -> bool {
        let newest = self.toasts.with_untracked(|all| {
            all.iter()
                .rev()
                .find_map(|toast| Some((toast.id, toast.action.as_ref().filter(|action| action.undoes)?.run)))
        });
        let Some((id, run)) = newest else { return false };
        self.dismiss(id);
        run.run(());
        true
    }

    /// Takes a toast away before its time.
    pub fn dismiss(self, id: u64) {
        self.toasts.update(|all| all.retain(|toast| toast.id != id));
        if self.toasts.with_untracked(Vec::is_empty) {
            self.held.set(false);
        }
    }
}

/// Makes the hub and puts it in the context; call it once, in the portal's shell.
pub fn provide_toasts() -> ToastHub {
    let hub =
        ToastHub { toasts: RwSignal::new(Vec::new()), next: StoredValue::new(0), held: RwSignal::new(false) };
    provide_context(hub);
    hub
}

/// The hub of the context, or a new one that nobody shows when the shell forgot it.
pub fn use_toasts() -> ToastHub {
    use_context().unwrap_or_else(provide_toasts)
}

/// Shows the toasts of the hub. Both live regions are there from the first render, as screen readers need.
#[component]
pub fn Toaster(
    /// Name of the region ("Messages").
    #[prop(into)]
    label: Signal<String>,
    /// Name of the cross ("Fermer").
    #[prop(into)]
    close_label: Signal<String>,
) -> impl IntoView {
    let hub = use_toasts();
    // The button is at the end of the page: many Tab stops from the row that it is about.
    use_undo_key(move || hub.undo_newest());
    let list = move |urgent: bool| {
        let of_kind = move || {
            let mut all = hub.toasts.get();
            all.retain(|toast| (toast.tone == Tone::Danger) == urgent);
            all
        };
        view! {
            <For each=of_kind key=|toast| toast.id let:toast>
                <Card hub=hub toast=toast close_label=close_label/>
            </For>
        }
    };
    view! {
        <section
            class="toasts"
            aria-label=move || label.get()
            on:mouseenter=move |_| hub.held.set(true)
            on:mouseleave=move |_| hub.held.set(false)
            on:focusin=move |_| hub.held.set(true)
            on:focusout=move |_| hub.held.set(false)
        >
            <div class="toasts-list" role="status" aria-live="polite">{list(false)}</div>
            <div class="toasts-list" role="alert" aria-live="assertive">{list(true)}</div>
        </section>
    }
    .into_any()
}

#[component]
fn Card(hub: ToastHub, toast: Toast, close_label: Signal<String>) -> impl IntoView {
    let Toast { id, tone, text, action, duration } = toast;
    let left = StoredValue::new(duration);
    Effect::new(move |_| {
        let timer = set_interval_with_handle(
            move || {
                if hub.held.get_untracked() {
                    return;
                }
                // The toast may be gone while its last tick is on the way.
                match left.try_get_value().map(|left| left.saturating_sub(TICK)) {
                    Some(Duration::ZERO) => hub.dismiss(id),
                    Some(rest) => left.set_value(rest),
                    None => {}
                }
            },
            TICK,
        );
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    let button = action.map(|ToastAction { text, run, undoes }| {
        view! {
            <Button
                small=true
                attr:aria-keyshortcuts=undoes.then_some("Control+Z")
                on_click=move |_| {
                    hub.dismiss(id);
                    run.run(());
                }
            >
                {text} {undoes.then(|| view! { <kbd class="toast-key" aria-hidden="true">"Ctrl Z"</kbd> })}
            </Button>
        }
    });
    view! {
        <div class=format!("toast {}", tone.class())>
            {tone.icon().view()} <p class="toast-text">{text}</p> {button}
            <Button
                variant=Variant::Ghost
                small=true
                icon=Icon::Close
                label=Signal::derive(move || Some(close_label.get()))
                on_click=move |_| hub.dismiss(id)
            />
        </div>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn live_regions_are_there_before_any_toast() {
        let html = Owner::new().with(|| {
            provide_toasts();
            view! { <Toaster label="Messages" close_label="Fermer"/> }.to_html()
        });
        assert!(
            html.contains(r#"aria-live="polite""#) && html.contains(r#"aria-live="assertive""#),
            "{html}"
        );
    }

    #[test]
    fn undoing_takes_the_newest_that_can_be_undone() {
        Owner::new().with(|| {
            let hub = provide_toasts();
            let undone = RwSignal::new(Vec::new());
            for name in ["a", "b"] {
                let run = Callback::new(move |()| undone.update(|all| all.push(name)));
                let undo = ToastAction { text: "Annuler".into(), run, undoes: true };
                hub.push(Tone::Neutral, name, Some(undo.clone()), TICK);
                hub.push(Tone::Neutral, "Ouvrir", Some(ToastAction { undoes: false, ..undo }), TICK);
            }
            assert!(hub.undo_newest() && hub.undo_newest());
            assert_eq!((undone.get_untracked(), hub.undo_newest()), (vec!["b", "a"], false));
        });
    }

    #[test]
    fn a_dismissed_toast_is_gone() {
        Owner::new().with(|| {
            let hub = provide_toasts();
            let first = hub.success("Document supprimé");
            hub.failure("Le serveur ne répond pas");
            hub.dismiss(first);
            assert_eq!(hub.toasts.with_untracked(Vec::len), 1);
        });
    }
}
