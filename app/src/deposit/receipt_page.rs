//! `/r/<token>`: what is true of a deposit now. No content, no name, no label: the address may be seen by others.

mod file;

use leptos::prelude::*;

use super::parts::{Icon, icon, time, whereabouts};
use super::script_texts;
use super::shell::{Script, document};
use super::texts::Texts;
use super::views::{FileEnd, Receipt, ReceiptNotice, Shell};

/// The receipt. The script reads the page again now and then and replaces `#states`, until `data-final`.
pub fn receipt(shell: &Shell, page: &Receipt) -> String {
    let texts = shell.lang.texts();
    let t = &texts.receipt;
    let e = &page.establishment;
    let all_gone = page.files.iter().all(|file| matches!(file.end, FileEnd::Deleted { .. }));
    // The address of "sent" is what people keep: once nothing is left, it is news no more.
    let notice = page.notice.filter(|notice| *notice != ReceiptNotice::Sent || !all_gone);
    let title = if notice == Some(ReceiptNotice::Sent) { t.sent_title } else { t.title };
    let count = u32::try_from(page.files.len()).unwrap_or(u32::MAX);
    let files = page.files.iter().map(|file| file::file(t, file)).collect_view();
    let main = view! {
        {notice.map(|notice| said(texts, notice, &e.name))}
        <h1>{title}</h1>
        <div class="card who">
            <p class="hint">{t.reference}</p>
            <p class="reference">{page.reference.clone()}</p>
            <p class="hint">{t.deposited}</p>
            <p>{time(&page.received_at)}</p>
            <p class="hint">{t.recipient}</p>
            <p class="name">{e.name.clone()}</p>
            {whereabouts(&texts.common, e)}
        </div>
        <section id="states" data-final=all_gone.then_some("")>
            <h2>{(t.files)(count)}</h2>
            <p class="hint as-of">{(t.as_of)(&page.as_of.text)}" "<a href=page.path.clone()>{t.reload}</a></p>
            <ul class="receipts">{files}</ul>
            {page.can_withdraw.then(|| withdrawal(texts, &page.path))}
        </section>
        <p class="off" id="live" role="status" aria-live="polite"></p>
        <p class="notice screen-only">{t.keep}</p>
        <p class="screen-only"><a href=format!("/d/{}", e.slug)>{t.another}</a></p>
        {script_texts::for_receipt(shell)}
    };
    document(shell, &format!("{title} - {}", page.reference), false, Script::Deposit, main)
}

fn said(texts: &Texts, notice: ReceiptNotice, name: &str) -> AnyView {
    let t = &texts.receipt;
    let done = match notice {
        ReceiptNotice::Sent => (t.sent)(name),
        ReceiptNotice::Withdrawn => t.withdrawn.to_owned(),
    };
    view! { <div class="notice done screen-only" role="status">{icon(Icon::Check)}<p>{done}</p></div> }
        .into_any()
}

/// A link to the question, which is a page of its own: `GET /r/<token>/withdraw`.
fn withdrawal(texts: &Texts, path: &str) -> AnyView {
    let t = &texts.receipt;
    view! {
        <div class="screen-only withdraw">
            <h2>{t.withdraw_title}</h2>
            <p>{t.withdraw_text}</p>
            <p><a class="button quiet" href=format!("{path}/withdraw")>{t.withdraw}</a></p>
        </div>
    }
    .into_any()
}
