//! When a document goes: sooner, later with a reason, or now.

use leptos::{ev::SubmitEvent, prelude::*};
use model::{
    documents::{DocumentSummary, RetentionChange, RetentionDays},
    identity::Me,
    roles::Permission,
    text::{Reason, TextProblem},
};

use crate::{
    I18n,
    documents::acts::use_acts,
    i18n::use_i18n,
    shell::error_text,
    tx,
    ui::{Button, Dialog, Field, Icon, TextArea, Variant},
};

/// The acts on a document's end; nothing for those who may not delete.
#[component]
pub fn Retention(
    document: RwSignal<DocumentSummary>,
    on_deleted: impl Fn() + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let acts = use_acts();
    let id = document.read_untracked().id;
    let (shortening, holding, busy) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let held = Memo::new(move |_| document.read().hold_reason.is_some());
    let seen = Memo::new(move |_| document.read().seen.is_some());
    let release = move |_| {
        busy.set(true);
        acts.retention(id, RetentionChange::Release, tx!(i18n, documents.released), move |answer| {
            let _ = busy.try_set(false);
            if let Err(failed) = answer {
                acts.failed(&failed);
            }
        });
    };
    let delete = move |_| {
        busy.set(true);
        let on_deleted = on_deleted.clone();
        acts.delete(id, on_deleted);
        let free = move || {
            // The page may have gone to the next document.
            let _ = busy.try_set(false);
        };
        set_timeout(free, std::time::Duration::from_secs(1));
    };
    let choices = move || {
        let delete = delete.clone();
        if held.get() {
            return view! {
                <Button class="button-wide" icon=Icon::Pin busy=busy on_click=release>
                    {tx!(i18n, documents.release)}
                </Button>
            }
            .into_any();
        }
        view! {
            <Button class="button-wide" icon=Icon::CalendarClock on_click=move |_| shortening.set(true)>
                {tx!(i18n, documents.shorten)}
            </Button>
            {seen.get().then(|| view! {
                <Button class="button-wide" icon=Icon::Pin on_click=move |_| holding.set(true)>
                    {tx!(i18n, documents.hold)}
                </Button>
            })}
            <Button class="button-wide" variant=Variant::Ghost icon=Icon::Trash busy=busy on_click=delete>
                {tx!(i18n, documents.delete)}
            </Button>
        }
        .into_any()
    };
    expect_context::<Me>().may(Permission::DeleteDocuments).then(|| {
        view! {
            <section class="card">
                <div class="card-head"><h2>{tx!(i18n, documents.retention)}</h2></div>
                <div class="form">{choices}</div>
            </section>
            <Shorten document=document open=shortening />
            <Hold document=document open=holding />
        }
    })
}

/// A date that only comes closer.
#[component]
fn Shorten(document: RwSignal<DocumentSummary>, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let acts = use_acts();
    let days = RwSignal::new("7".to_owned());
    let (error, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let wanted = days.get_untracked().trim().parse::<u32>().ok();
        let Some(days) = wanted.and_then(|days| RetentionDays::try_from(days).ok()) else {
            return error.set(Some(tx!(i18n, documents.days_wrong)));
        };
        busy.set(true);
        let id = document.read_untracked().id;
        acts.retention(
            id,
            RetentionChange::Shorten { days },
            tx!(i18n, documents.shortened),
            move |answer| {
                settle(i18n, busy, open, error, answer);
            },
        );
    };
    view! {
        <Dialog id="shorten" open=open title=tx!(i18n, documents.shorten_title) close_label=tx!(i18n, common.close)>
            <form class="form" method="post" novalidate on:submit=submit>
                <p>{tx!(i18n, documents.shorten_text)}</p>
                <Field name="days" kind="number" inputmode="numeric" width="short" required=true bind=days
                    label=tx!(i18n, documents.shorten_days) error=error min=RetentionDays::MIN.to_string()
                    max=RetentionDays::MAX.to_string() />
                <div class="dialog-actions">
                    <Button on_click=move |_| open.set(false)>{tx!(i18n, common.cancel)}</Button>
                    <Button kind="submit" variant=Variant::Primary busy=busy>
                        {tx!(i18n, documents.shorten_save)}
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}

/// No deletion, for a reason.
#[component]
fn Hold(document: RwSignal<DocumentSummary>, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let acts = use_acts();
    let text = RwSignal::new(String::new());
    let (error, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let reason = match text.get_untracked().parse::<Reason>() {
            Ok(reason) => reason,
            Err(problem) => return error.set(Some(reason_text(i18n, problem))),
        };
        busy.set(true);
        let id = document.read_untracked().id;
        acts.retention(id, RetentionChange::Hold { reason }, tx!(i18n, documents.hold_done), move |answer| {
            settle(i18n, busy, open, error, answer);
        });
    };
    view! {
        <Dialog id="hold" open=open title=tx!(i18n, documents.hold_title) close_label=tx!(i18n, common.close)>
            <form class="form" method="post" novalidate on:submit=submit>
                <p>{tx!(i18n, documents.hold_text)}</p>
                <TextArea name="reason" label=tx!(i18n, documents.hold_reason) hint=Some(tx!(i18n, documents.hold_hint))
                    error=error bind=text required=true rows=3 />
                <div class="dialog-actions">
                    <Button on_click=move |_| open.set(false)>{tx!(i18n, common.cancel)}</Button>
                    <Button kind="submit" variant=Variant::Primary busy=busy>{tx!(i18n, documents.hold_save)}</Button>
                </div>
            </form>
        </Dialog>
    }
}

/// After the answer: the dialog closes, or says what is wrong. Its page may have left meanwhile.
fn settle(
    i18n: I18n,
    busy: RwSignal<bool>,
    open: RwSignal<bool>,
    error: RwSignal<Option<String>>,
    answer: Result<(), crate::error::ApiError>,
) {
    let _ = busy.try_set(false);
    let _ = open.try_set(answer.is_err());
    let _ = error.try_set(answer.err().map(|failed| error_text(i18n, &failed)));
}

fn reason_text(i18n: I18n, problem: TextProblem) -> String {
    match problem {
        TextProblem::Empty => tx!(i18n, documents.reason_empty),
        TextProblem::TooLong { .. } => tx!(i18n, documents.reason_long),
        TextProblem::ForbiddenCharacter => tx!(i18n, documents.reason_characters),
    }
}
