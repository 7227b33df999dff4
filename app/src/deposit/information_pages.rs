//! Legal notice, accessibility statement, personal data.

use leptos::prelude::*;

use super::shell::{Script, document};
use super::texts::{Information, Section};
use super::views::{Publisher, Shell};

/// The legal notice.
pub fn legal(shell: &Shell, publisher: &Publisher) -> String {
    let t = &shell.lang.texts().information;
    let name = publisher.name.as_ref().map(|name| {
        let mut lines = vec![name.clone()];
        lines.extend(publisher.address.iter().cloned());
        lines.join(", ")
    });
    let main = view! {
        <h1>{t.legal_title}</h1>
        <dl class="card">
            {known(t, t.publisher, name)}
            {known(t, t.director, publisher.director.clone())}
            {known(t, t.contact, publisher.contact.clone())}
            {known(t, t.host, publisher.host.clone())}
        </dl>
        {t.legal_sections.iter().map(section).collect_view()}
    };
    document(shell, t.legal_title, false, Script::None, main)
}

/// The accessibility statement.
pub fn accessibility(shell: &Shell, publisher: &Publisher) -> String {
    let t = &shell.lang.texts().information;
    let name = publisher.name.as_deref().unwrap_or(&publisher.service);
    let service = if publisher.url.is_empty() {
        publisher.service.clone()
    } else {
        format!("{} ({})", publisher.service, publisher.url)
    };
    let main = view! {
        <h1>{t.accessibility_title}</h1>
        <p class="lead">{(t.accessibility_intro)(name, &service)}</p>
        {t.accessibility_sections.iter().map(section).collect_view()}
        <section>
            <h2>{t.accessibility_contact_title}</h2>
            <p>{t.accessibility_contact}</p>
            <p><strong>{publisher.contact.clone().unwrap_or_else(|| t.missing.to_owned())}</strong></p>
        </section>
        {section(&t.accessibility_remedy)}
        {publisher.statement_date.as_ref().map(|date| view! { <p>{(t.statement_date)(&date.text)}</p> })}
    };
    document(shell, t.accessibility_title, false, Script::None, main)
}

/// Personal data, for the service as a whole; each deposit page has its establishment's own notice.
pub fn privacy(shell: &Shell, publisher: &Publisher) -> String {
    let t = &shell.lang.texts().information;
    let main = view! {
        <h1>{t.privacy_title}</h1>
        {t.privacy_sections.iter().map(section).collect_view()}
        <dl class="card">
            {known(t, t.host, publisher.host.clone())}
            {known(t, t.dpo, publisher.dpo.clone())}
        </dl>
    };
    document(shell, t.privacy_title, false, Script::None, main)
}

fn known(t: &Information, name: &'static str, value: Option<String>) -> AnyView {
    let missing = value.is_none();
    let value = value.unwrap_or_else(|| t.missing.to_owned());
    view! { <div><dt>{name}</dt><dd class:hint=missing>{value}</dd></div> }.into_any()
}

fn section(section: &Section) -> AnyView {
    let paragraphs = section.paragraphs.iter().map(|text| view! { <p>{*text}</p> }).collect_view();
    let items = (!section.items.is_empty()).then(|| {
        let items = section.items.iter().map(|text| view! { <li>{*text}</li> }).collect_view();
        view! { <ul class="plain">{items}</ul> }
    });
    view! { <section><h2>{section.title}</h2>{paragraphs}{items}</section> }.into_any()
}
