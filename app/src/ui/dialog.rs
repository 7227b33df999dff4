//! Dialogs on the native `<dialog>`: the browser traps the focus, closes on Escape and gives the focus back.

use leptos::{html, prelude::*, web_sys};

use super::{
    button::{Button, Variant},
    icon::Icon,
};

/// While true, something lies over the whole page: no dialog opens, and no key is a shortcut. Given as a context.
#[derive(Clone, Copy)]
pub struct Covered(pub Signal<bool>);

/// How the cross of a [`Confirm`] is called ("Fermer"): one word for all of a page's. Given as a context.
#[derive(Clone)]
pub struct CloseWord(pub String);

/// Whether the page is covered.
pub(super) fn is_covered(covered: Option<Covered>) -> bool {
    covered.is_some_and(|Covered(covered)| covered.get())
}

/// A modal dialog shown while `open` is true. Without script it is not shown: never the only way to an act.
#[component]
pub fn Dialog(
    /// Unique on the page: makes the title's id.
    #[prop(into)]
    id: String,
    /// Shown while true; set to false by Escape, the cross and a click outside.
    open: RwSignal<bool>,
    /// The title, which names the dialog.
    #[prop(into)]
    title: Signal<String>,
    /// Name of the cross ("Fermer").
    #[prop(into)]
    close_label: Signal<String>,
    /// Wider, for forms of two columns.
    #[prop(optional)]
    wide: bool,
    /// Content; end it with `<div class="dialog-actions">`.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let covered = use_context::<Covered>();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            // It would lie above what covers the page; it opens afterwards.
            (true, false) if is_covered(covered) => {}
            // A dialog that is not in the document any more can't be shown: nothing to tell anyone.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let title_id = format!("{id}-title");
    view! {
        <dialog
            node_ref=node
            id=id
            class=if wide { "dialog dialog-wide" } else { "dialog" }
            aria-labelledby=title_id.clone()
            on:close=move |_| open.set(false)
            on:mousedown=move |event| {
                if on_backdrop(&event, node) {
                    open.set(false);
                }
            }
        >
            <div class="dialog-head">
                <h2 id=title_id.clone()>{move || title.get()}</h2>
                <Button
                    variant=Variant::Ghost
                    icon=Icon::Close
                    label=Signal::derive(move || Some(close_label.get()))
                    on_click=move |_| open.set(false)
                />
            </div>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
    .into_any()
}

/// The backdrop belongs to the dialog element: a press outside its box is on it.
fn on_backdrop(event: &web_sys::MouseEvent, node: NodeRef<html::Dialog>) -> bool {
    let Some(dialog) = node.get_untracked() else { return false };
    let (x, y, area) =
        (f64::from(event.client_x()), f64::from(event.client_y()), dialog.get_bounding_client_rect());
    event.target().as_ref() == Some(dialog.as_ref())
        && (x < area.left() || x > area.right() || y < area.top() || y > area.bottom())
}

/// Asks before an act that can't be undone. Closes by itself only on "cancel": close it when the act is done. The cross is called
/// as [`CloseWord`] says, so that two buttons never have one name.
#[component]
pub fn Confirm(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// Shown while true.
    open: RwSignal<bool>,
    /// A question: "Supprimer 12 documents ?"
    #[prop(into)]
    title: Signal<String>,
    /// The act: "Supprimer", never "OK".
    #[prop(into)]
    confirm_text: Signal<String>,
    /// "Annuler"
    #[prop(into)]
    cancel_text: Signal<String>,
    /// The act destroys.
    #[prop(optional)]
    danger: bool,
    /// The act is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Does it.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// What will happen, in one or two sentences.
    children: Children,
) -> impl IntoView {
    let variant = if danger { Variant::Danger } else { Variant::Primary };
    let close_label = use_context::<CloseWord>().map_or(cancel_text, |CloseWord(word)| Signal::stored(word));
    view! {
        <Dialog id=id open=open title=title close_label=close_label>
            {children()}
            <div class="dialog-actions">
                <Button on_click=move |_| open.set(false)>{move || cancel_text.get()}</Button>
                <Button variant=variant busy=busy on_click=move |_| on_confirm.run(())>
                    {move || confirm_text.get()}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}
