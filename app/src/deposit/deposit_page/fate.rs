//! What becomes of the document, and the notice about personal data.

use leptos::prelude::*;
use model::establishments::LegalBasis;

use super::super::parts::{Icon, icon};
use super::super::texts::{Notice, Texts};
use super::super::views::{Deposit, PrivacyNotice};

/// Four facts, in plain words.
pub(super) fn fate(texts: &Texts, page: &Deposit) -> AnyView {
    let t = &texts.deposit;
    let facts = [
        (Icon::Lock, t.fate_encrypted.to_owned()),
        (Icon::Eye, (t.fate_read_by)(&page.establishment.name)),
        (Icon::Bin, (t.fate_deleted)(page.retention_days, &page.deleted_on.text)),
        (Icon::Check, t.fate_receipt.to_owned()),
    ];
    let facts = facts
        .into_iter()
        .map(|(mark, fact)| view! { <li>{icon(mark)}<span>{fact}</span></li> })
        .collect_view();
    view! { <section><h2>{t.fate_title}</h2><ul class="facts">{facts}</ul></section> }.into_any()
}

/// What articles 13 and 14 of the RGPD ask to be said.
pub(super) fn notice(t: &Notice, privacy: &PrivacyNotice, establishment: &str) -> AnyView {
    let basis = match privacy.basis {
        LegalBasis::PublicInterest => t.public_interest,
        LegalBasis::LegitimateInterest => t.legitimate_interest,
        LegalBasis::LegalObligation => t.legal_obligation,
    };
    let host = privacy.host.clone().map(|host| view! { <div><dt>{t.host}</dt><dd>{host}</dd></div> });
    let receipt = privacy.receipt_days.map(|days| format!(" {}", (t.receipt_duration)(days)));
    view! {
        <details>
            <summary>{t.title}</summary>
            <dl>
                <div><dt>{t.controller}</dt><dd>{privacy.controller.clone()}</dd></div>
                <div><dt>{t.purpose}</dt><dd>{t.purpose_text}</dd></div>
                <div><dt>{t.basis}</dt><dd>{basis}" "{t.health_basis}</dd></div>
                <div><dt>{t.recipients}</dt><dd>{(t.recipients_text)(establishment)}</dd></div>
                {host}
                <div><dt>{t.duration}</dt><dd>{(t.duration_text)(privacy.retention_days)}{receipt}</dd></div>
                <div><dt>{t.rights}</dt><dd>{t.rights_text}</dd></div>
                <div><dt>{t.contact}</dt><dd>{privacy.contact.clone()}" "{t.complaint}</dd></div>
            </dl>
        </details>
    }
    .into_any()
}
