//! One file on the receipt: a badge that says where it is now, and its four steps. Done, pending and failed steps
//! differ by icon and words, never by colour alone.

use leptos::prelude::*;

use super::super::parts::{Icon, icon, time};
use super::super::texts::Receipt as T;
use super::super::views::{Check, DeletedWhy, FileEnd, Moment, ReceiptFile};

/// The history of one file.
pub(super) fn file(t: &T, file: &ReceiptFile) -> AnyView {
    let deleted = matches!(file.end, FileEnd::Deleted { .. });
    let (tone, mark, badge) = match file {
        _ if deleted => ("gone", Icon::Bin, t.badge_deleted),
        ReceiptFile { check: Check::Unreadable, .. } => ("bad", Icon::Alert, t.badge_unreadable),
        ReceiptFile { seen_at: Some(_), .. } => ("ok", Icon::Eye, t.badge_seen),
        ReceiptFile { check: Check::Readable, .. } => ("ok", Icon::Check, t.badge_checked),
        _ => ("ok", Icon::Check, t.badge_received),
    };
    let checked = match file.check {
        Check::Readable => Some(step("done", Icon::Check, t.checked, None)),
        Check::Unreadable => Some(step("failed", Icon::Alert, t.unreadable, None)),
        // A file that was deleted before its check will never be checked.
        Check::Pending if deleted => None,
        Check::Pending => Some(step("pending", Icon::Clock, t.check_pending, None)),
    };
    let advice = (file.check == Check::Unreadable && !deleted)
        .then(|| view! { <p class="advice">{t.unreadable_advice}</p> });
    let seen = match &file.seen_at {
        Some(at) => step("done", Icon::Eye, t.seen, Some(at)),
        None if deleted => step("pending", Icon::Eye, t.seen_never, None),
        None => step("pending", Icon::Clock, t.not_seen, None),
    };
    view! {
        <li class="card">
            <h3>{(t.item)(file.ordinal)}" "<span class=format!("badge {tone}")>{icon(mark)}{badge}</span></h3>
            <ol class="steps">
                {step("done", Icon::Check, t.received, Some(&file.received_at))}
                {checked}
                {seen}
                {end(t, &file.end)}
            </ol>
            {advice}
        </li>
    }
    .into_any()
}

fn end(t: &T, end: &FileEnd) -> AnyView {
    match end {
        FileEnd::Planned(at) => step("pending", Icon::Bin, t.planned, Some(at)),
        FileEnd::OnHold => step("pending", Icon::Lock, t.on_hold, None),
        FileEnd::Deleted { at, why } => {
            let why = match why {
                DeletedWhy::Retention => t.by_retention,
                DeletedWhy::Establishment => t.by_establishment,
                DeletedWhy::Withdrawn => t.by_withdrawal,
            };
            view! {
                <li class="done">
                    {icon(Icon::Bin)}
                    <span><strong>{t.deleted}</strong>" "{why}<br/>{time(at)}</span>
                </li>
            }
            .into_any()
        }
    }
}

fn step(state: &'static str, mark: Icon, words: &'static str, at: Option<&Moment>) -> AnyView {
    let at = at.map(|at| view! { <br/>{time(at)} });
    view! { <li class=state>{icon(mark)}<span><strong>{words}</strong>{at}</span></li> }.into_any()
}
