//! The acts as a table.

use leptos::prelude::*;
use model::{
    audit::AuditEntry,
    time::{Language, Moment},
};

use super::{detail::detail, filter::Filter, words};
use crate::{
    i18n::use_i18n,
    shell::use_language,
    tx,
    ui::{Badge, Cell, Table, Tone},
};

/// A cell that a phone's card leaves out.
const NOTHING: &str = "cell-desk-only";

/// To the second: acts of one minute have an order.
fn to_the_second(at: Moment, language: Language) -> String {
    let second = at.unix_ms.div_euclid(1000).rem_euclid(60);
    format!("{} {}:{second:02}", at.date(language), at.clock())
}

/// A page of acts.
#[component]
pub(super) fn Acts(entries: Vec<AuditEntry>, busy: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Table caption=tx!(i18n, audit.caption) class="audit" busy=busy>
            <thead>
                <tr>
                    <th scope="col">{tx!(i18n, audit.when)}</th>
                    <th scope="col">{tx!(i18n, audit.who)}</th>
                    <th scope="col">{tx!(i18n, audit.what)}</th>
                    <th scope="col">{tx!(i18n, audit.object)}</th>
                    <th scope="col">{tx!(i18n, audit.outcome)}</th>
                    <th scope="col">{tx!(i18n, audit.address)}</th>
                </tr>
            </thead>
            <tbody>{entries.into_iter().map(|entry| view! { <Act entry=entry /> }).collect_view()}</tbody>
        </Table>
    }
}

#[component]
fn Act(entry: AuditEntry) -> impl IntoView {
    let i18n = use_i18n();
    let time = to_the_second(entry.at, use_language());
    let roles = words::roles(i18n, &entry.roles);
    let (tone, outcome) = match &*entry.outcome {
        "done" => (Tone::Success, tx!(i18n, audit.done)),
        "refused" => (Tone::Danger, tx!(i18n, audit.refused)),
        _ => (Tone::Neutral, entry.outcome.clone()),
    };
    let kind = entry.object_kind.map(|kind| words::object_kind(i18n, kind));
    let object = entry.object_id.map(|id| {
        let href = Filter::on_object(&id).href(1);
        let short = words::short_id(&id).to_owned();
        let (label, class, text) = match entry.object_name {
            Some(name) => (tx!(i18n, audit.acts_on_person, name = name.clone()), "audit-name", name),
            None => (tx!(i18n, audit.acts_on, id = short.clone()), "audit-hash", short),
        };
        view! { <a class=class href=href title=id aria-label=label>{text}</a> }
    });
    let reason = entry.reason.map(|reason| {
        view! { <small class="audit-reason">{format!("{}\u{a0}: {reason}", tx!(i18n, audit.reason))}</small> }
    });
    // Settings that were saved as they were leave an empty one.
    let changed = entry.detail.filter(|text| !text.is_empty()).map(|text| {
        view! { <small class="audit-reason">{detail(i18n, &entry.action, &text)}</small> }
    });
    view! {
        <tr class=if entry.outcome == "refused" { "audit-refused" } else { "" }>
            <Cell label=tx!(i18n, audit.when) class="cell-nowrap">
                <time datetime=entry.at.datetime_attribute()>{time}</time>
            </Cell>
            <Cell label=tx!(i18n, audit.who)>
                <span class="audit-who">
                    <span>{words::actor(i18n, entry.actor)}</span>
                    {(!roles.is_empty()).then(|| view! { <small>{roles}</small> })}
                </span>
            </Cell>
            <Cell label=tx!(i18n, audit.what) class="audit-act">
                <span><span>{words::act(i18n, &entry.action)}</span> {reason} {changed}</span>
            </Cell>
            <Cell label=tx!(i18n, audit.object) class=if kind.is_some() || object.is_some() { "audit-what" } else { NOTHING }>
                // No bare text beside an optional one: the browser could not find its pieces again.
                <span>{kind.map(|kind| view! { <span>{format!("{kind} ")}</span> })} {object}</span>
            </Cell>
            <Cell label=tx!(i18n, audit.outcome)>
                <Badge tone=tone text=outcome />
            </Cell>
            <Cell label=tx!(i18n, audit.address) class=if entry.address.is_some() { "audit-hash" } else { NOTHING }>
                {entry.address}
            </Cell>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_of_one_minute_have_an_order() {
        let at = Moment { unix_ms: 1_773_305_112_900, year: 2026, month: 3, day: 12, hour: 9, minute: 45 };
        assert_eq!(to_the_second(at, Language::Fr), "12 mars 2026 09:45:12");
    }
}
