//! The form over the settings.

use leptos::{prelude::*, task::spawn_local};
use model::{
    establishments::Room,
    text::{Address, Note, Phone},
};

use super::{
    api,
    draft::{Draft, MAX_FILE, Problem, Problems, RETENTION},
    leave::LeaveGuard,
    preview::Preview,
    words::{bases, problem_text, zones},
};
use crate::{
    error::ApiError,
    i18n::use_i18n,
    shell::{error_text, file_size, use_language},
    tx,
    ui::{
        Badge, Button, Checkbox, Field, Icon, Notice, Select, TextArea, Tone, Variant, focus_first_error,
        use_toasts,
    },
};

/// One signal for each field.
#[derive(Clone, Copy)]
struct Fields {
    address: RwSignal<String>,
    phone: RwSignal<String>,
    opening_note: RwSignal<String>,
    privacy_contact: RwSignal<String>,
    retention: RwSignal<String>,
    max_file: RwSignal<String>,
    time_zone: RwSignal<String>,
    drop_metadata: RwSignal<bool>,
    legal_basis: RwSignal<String>,
    /// Not a field: which state of the settings was read.
    version: RwSignal<i64>,
}

impl Fields {
    fn new(draft: Draft) -> Self {
        Self {
            address: RwSignal::new(draft.address),
            phone: RwSignal::new(draft.phone),
            opening_note: RwSignal::new(draft.opening_note),
            privacy_contact: RwSignal::new(draft.privacy_contact),
            retention: RwSignal::new(draft.retention),
            max_file: RwSignal::new(draft.max_file),
            time_zone: RwSignal::new(draft.time_zone),
            drop_metadata: RwSignal::new(draft.drop_metadata),
            legal_basis: RwSignal::new(draft.legal_basis),
            version: RwSignal::new(draft.version),
        }
    }

    fn get(self) -> Draft {
        Draft {
            address: self.address.get(),
            phone: self.phone.get(),
            opening_note: self.opening_note.get(),
            privacy_contact: self.privacy_contact.get(),
            retention: self.retention.get(),
            max_file: self.max_file.get(),
            time_zone: self.time_zone.get(),
            drop_metadata: self.drop_metadata.get(),
            legal_basis: self.legal_basis.get(),
            version: self.version.get(),
        }
    }

    fn set(self, draft: Draft) {
        self.address.set(draft.address);
        self.phone.set(draft.phone);
        self.opening_note.set(draft.opening_note);
        self.privacy_contact.set(draft.privacy_contact);
        self.retention.set(draft.retention);
        self.max_file.set(draft.max_file);
        self.time_zone.set(draft.time_zone);
        self.drop_metadata.set(draft.drop_metadata);
        self.legal_basis.set(draft.legal_basis);
        self.version.set(draft.version);
    }
}

/// A text's most characters, for `maxlength`.
fn most(max: usize) -> u32 {
    u32::try_from(max).unwrap_or(u32::MAX)
}

/// Everything that can be set, in sections, and what patients will see of it.
#[component]
pub(super) fn SettingsForm(first: Draft, room: Room) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let fields = Fields::new(first.clone());
    let saved = RwSignal::new(first);
    let draft = Memo::new(move |_| fields.get());
    let unsaved = Memo::new(move |_| draft.get() != saved.get());
    let (tried, busy) = (RwSignal::new(false), RwSignal::new(false));
    let error = RwSignal::new(None::<ApiError>);
    let problems = Memo::new(move |_| {
        if tried.get() { draft.read().read().err().unwrap_or_default() } else { Problems::default() }
    });

    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let Ok(settings) = fields_now(fields).read() else { return focus_first_error("settings") };
        // As it is kept: trimmed.
        let mut sent = Draft::from(&settings);
        let typed = fields_now(fields);
        busy.set(true);
        spawn_local(async move {
            let result = api::change(settings).await;
            busy.set(false);
            match result {
                Ok(version) => {
                    error.set(None);
                    tried.set(false);
                    // What was typed meanwhile stays.
                    let as_sent = fields_now(fields) == typed;
                    sent.version = version;
                    fields.version.set(version);
                    saved.set(sent.clone());
                    if as_sent {
                        fields.set(sent);
                    }
                    toasts.success(tx!(i18n, settings.saved));
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    let revert = move |_| {
        fields.set(saved.get_untracked());
        tried.set(false);
        error.set(None);
    };
    let notice = move || {
        let text = if *problems.read() == Problems::default() {
            error.get().map(|failed| error_text(i18n, &failed))
        } else {
            Some(tx!(i18n, settings.check))
        };
        text.map(|text| {
            view! { <Notice tone=Tone::Danger title=tx!(i18n, settings.not_saved)><p>{text}</p></Notice> }
        })
    };
    view! {
        <LeaveGuard unsaved=unsaved />
        <div class="split">
            <form id="settings" class="card form" method="post" novalidate on:submit=submit>
                {notice}
                <Contact fields=fields problems=problems />
                <Privacy fields=fields problems=problems />
                <Reception fields=fields problems=problems room=room />
                <section class="form-section" aria-labelledby="settings-time">
                    <h2 id="settings-time">{tx!(i18n, settings.time_title)}</h2>
                    <p>{tx!(i18n, settings.time_text)}</p>
                    <Select name="time_zone" label=tx!(i18n, settings.time_zone) choices=zones(i18n)
                        bind=fields.time_zone error=of(problems, |all| all.time_zone) />
                </section>
                <div class="form-actions">
                    <Button variant=Variant::Primary kind="submit" busy=busy>{tx!(i18n, settings.save)}</Button>
                    <Show when=move || unsaved.get()>
                        <Button variant=Variant::Ghost icon=Icon::Undo on_click=revert>
                            {tx!(i18n, settings.revert)}
                        </Button>
                    </Show>
                    <span class="settings-unsaved" role="status">
                        {move || unsaved.get().then(|| view! {
                            <Badge tone=Tone::Warning icon=Icon::Pencil text=tx!(i18n, settings.unsaved) />
                        })}
                    </span>
                </div>
            </form>
            <Preview draft=draft />
        </div>
    }
}

fn fields_now(fields: Fields) -> Draft {
    untrack(|| fields.get())
}

/// The sentence of one field's problem.
fn of(problems: Memo<Problems>, field: fn(&Problems) -> Option<Problem>) -> Signal<Option<String>> {
    let i18n = use_i18n();
    Signal::derive(move || problems.with(field).map(|problem| problem_text(i18n, problem)))
}

#[component]
fn Contact(fields: Fields, problems: Memo<Problems>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="form-section" aria-labelledby="settings-contact">
            <h2 id="settings-contact">{tx!(i18n, settings.contact_title)}</h2>
            <p>{tx!(i18n, settings.contact_text)}</p>
            <TextArea name="address" label=tx!(i18n, settings.address) hint=tx!(i18n, settings.address_hint) rows=3
                maxlength=most(Address::MAX) bind=fields.address optional_text=tx!(i18n, common.optional)
                error=of(problems, |all| all.address) />
            <Field name="phone" label=tx!(i18n, settings.phone) kind="tel" inputmode="tel" width="medium"
                maxlength=most(Phone::MAX) bind=fields.phone optional_text=tx!(i18n, common.optional)
                error=of(problems, |all| all.phone) autocomplete="off" />
            <TextArea name="opening_note" label=tx!(i18n, settings.opening_note) hint=tx!(i18n, settings.opening_hint)
                rows=3 maxlength=most(Note::MAX) bind=fields.opening_note optional_text=tx!(i18n, common.optional)
                error=of(problems, |all| all.opening_note) />
        </section>
    }
}

#[component]
fn Privacy(fields: Fields, problems: Memo<Problems>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="form-section" aria-labelledby="settings-privacy">
            <h2 id="settings-privacy">{tx!(i18n, settings.privacy_title)}</h2>
            <p>{tx!(i18n, settings.privacy_text)}</p>
            <Field name="privacy_contact" label=tx!(i18n, settings.privacy_contact)
                hint=tx!(i18n, settings.privacy_hint) maxlength=most(model::text::Contact::MAX)
                bind=fields.privacy_contact optional_text=tx!(i18n, common.optional)
                error=of(problems, |all| all.privacy_contact) autocomplete="off" />
            <Select name="legal_basis" label=tx!(i18n, settings.legal_basis) hint=tx!(i18n, settings.legal_basis_hint)
                choices=bases(i18n) bind=fields.legal_basis />
        </section>
    }
}

#[component]
fn Reception(fields: Fields, problems: Memo<Problems>, room: Room) -> impl IntoView {
    let i18n = use_i18n();
    let retention_hint = tx!(i18n, settings.retention_hint, min = RETENTION.min, max = RETENTION.max);
    let max_file_hint = tx!(i18n, settings.max_file_hint, min = MAX_FILE.min, max = MAX_FILE.max);
    view! {
        <section class="form-section" aria-labelledby="settings-reception">
            <h2 id="settings-reception">{tx!(i18n, settings.reception_title)}</h2>
            <p>{tx!(i18n, settings.reception_text)}</p>
            <Field name="retention" label=tx!(i18n, settings.retention) hint=retention_hint inputmode="numeric"
                width="short" required=true bind=fields.retention error=of(problems, |all| all.retention)
                autocomplete="off" />
            <Field name="max_file" label=tx!(i18n, settings.max_file) hint=max_file_hint inputmode="numeric"
                width="short" required=true bind=fields.max_file error=of(problems, |all| all.max_file)
                autocomplete="off" />
            <Checkbox name="drop_metadata" switch=true label=tx!(i18n, settings.drop_metadata)
                hint=tx!(i18n, settings.drop_metadata_hint) bind=fields.drop_metadata />
            <RoomUsed room=room />
        </section>
    }
}

/// What the documents take of the establishment's room. Only whoever runs the server gives more.
#[component]
fn RoomUsed(room: Room) -> impl IntoView {
    let i18n = use_i18n();
    let language = use_language();
    let text = tx!(
        i18n,
        settings.room_used,
        used = file_size(room.used, language),
        total = file_size(room.total, language)
    );
    // Of a thousand: a bar needs no more, and the numbers fit.
    let share = (u128::from(room.used) * 1000 / u128::from(room.total.max(1))).min(1000).to_string();
    view! {
        <div class="field">
            <span class="field-label" id="settings-room">{tx!(i18n, settings.room)}</span>
            <meter class="settings-room" min="0" max="1000" high="900" value=share aria-labelledby="settings-room">
                {text.clone()}
            </meter>
            <p class="field-hint">{text} " " {tx!(i18n, settings.room_hint)}</p>
        </div>
    }
}
