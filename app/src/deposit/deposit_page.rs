//! `/d/<slug>/deposit`: who receives, what is asked, the form, what becomes of it. The script, when there is one, takes
//! the hidden parts (`enhanced`, the template of a row) and shows them; every text is already here.

mod fate;

use leptos::prelude::*;

use super::parts::{Icon, alert, csrf, icon, limit, whereabouts};
use super::script_texts;
use super::shell::{Script, document};
use super::texts::{Deposit as T, Texts};
use super::views::{Check, Deposit, FileProblem, ReceivedItem, Shell};

/// The page of a deposit. Its forms: `POST /d/<slug>/deposit`, multipart: `csrf`, `idempotency_key`, `file`…; and
/// `POST /d/<slug>/deposit/close`, url-encoded: `csrf`.
pub fn deposit(shell: &Shell, page: &Deposit) -> String {
    let texts = shell.lang.texts();
    let t = &texts.deposit;
    let held = u32::try_from(page.received.len()).unwrap_or(u32::MAX);
    let left = page.max_files.saturating_sub(held);
    let failed = !page.problems.is_empty();
    let arrived = (page.just_received > 0).then(|| {
        view! {
            <div class="notice done" role="status">
                {icon(Icon::Check)}<p><strong>{(t.just_received)(page.just_received)}</strong></p>
            </div>
        }
    });
    let form = if left > 0 {
        file_form(shell, page, left)
    } else {
        view! { <p class="notice">{(t.full)(page.max_files)}</p> }.into_any()
    };
    let e = &page.establishment;
    let main = view! {
        {failed.then(|| problems(texts, &page.problems))}
        {arrived}
        <h1>{t.title}</h1>
        <div class="card who">
            <p class="hint">{t.recipient}</p>
            <p class="name">{e.name.clone()}</p>
            {whereabouts(&texts.common, e)}
            <div class="asked">
                <p class="hint">{t.asked}</p>
                <p class="name">{page.label.clone()}</p>
                {page.note.clone().map(|note| view! { <p class="said">{note}</p> })}
            </div>
        </div>
        {form}
        {received(t, &page.received)}
        {finish(shell, page, left > 0)}
        <p class="screen-only"><a href=format!("/d/{}?other", e.slug)>{t.other_code}</a></p>
        {fate::fate(texts, page)}
        {fate::notice(&texts.notice, &page.privacy, &e.name)}
        {script_texts::for_deposit(shell, page, left)}
    };
    document(shell, &format!("{} - {}", t.title, e.name), failed, Script::Deposit, main)
}

fn problems(texts: &Texts, problems: &[FileProblem]) -> AnyView {
    let t = &texts.deposit;
    let lines = problems
        .iter()
        .map(|problem| {
            let sentence = texts.refusal(problem.refusal);
            let line = match problem.file {
                Some(file) => (t.file_problem)(file, &sentence),
                None => sentence,
            };
            view! { <li>{line}</li> }
        })
        .collect_view();
    let stored = problems.iter().any(|p| p.file.is_some()).then(|| view! { <p>{t.none_stored}</p> });
    alert(texts.common.problem, view! { <ul id="file-error">{lines}</ul>{stored} })
}

fn file_form(shell: &Shell, page: &Deposit, left: u32) -> AnyView {
    let t = &shell.lang.texts().deposit;
    let common = &shell.lang.texts().common;
    let failed = !page.problems.is_empty();
    let several = left > 1;
    let limits = (t.limits)(&limit(common, page.max_file_bytes), left);
    view! {
        <form id="deposit" class="card" method="post" enctype="multipart/form-data"
            action=format!("/d/{}/deposit?of={}", page.establishment.slug, page.scope)>
            {csrf(shell)}
            <input type="hidden" name="idempotency_key" value=page.idempotency_key.clone()/>
            <h2 id="form-title">{t.form_title}</h2>
            <div id="file-hint" class="hint">
                <p>{t.formats}" "{limits}</p>
                {several.then(|| view! { <p>{t.several}</p> })}
            </div>
            <div id="basic">
                <label for="file">{if several { t.label } else { t.label_one }}</label>
                <input id="file" name="file" type="file" required multiple=several
                    accept="image/jpeg,image/png,application/pdf" aria-invalid=failed.then_some("true")
                    aria-describedby=if failed { "file-error file-hint" } else { "file-hint" }/>
            </div>
            {enhanced(t, several)}
            <button class="button" type="submit" id="send">{t.submit}</button>
            <p class="hint" id="wait">{t.wait}</p>
        </form>
    }
    .into_any()
}

/// What the script shows: two large buttons, the list of what will be sent, and one row of it as a template.
fn enhanced(t: &T, several: bool) -> AnyView {
    view! {
        <div id="enhanced" hidden>
            <div class="alert" id="stopped" role="alert" tabindex="-1" hidden>{icon(Icon::Alert)}<p></p></div>
            <div class="choices" role="group" aria-labelledby="form-title" aria-describedby="file-hint">
                <button type="button" class="button" id="camera">{icon(Icon::Camera)}{t.camera}</button>
                <button type="button" class="button quiet" id="choose">{icon(Icon::Sheet)}{t.choose}</button>
            </div>
            <input class="off" id="camera-input" type="file" accept="image/*" capture="environment" tabindex="-1"
                aria-hidden="true"/>
            <input class="off" id="choose-input" type="file" accept="image/jpeg,image/png,application/pdf"
                multiple=several tabindex="-1" aria-hidden="true"/>
            <h3 id="to-send" tabindex="-1" hidden>{t.to_send}</h3>
            <ul id="files" class="files" aria-labelledby="to-send"></ul>
            <p class="off" id="live" role="status" aria-live="polite"></p>
            <template id="row">
                <li class="file">
                    <span class="thumb">{icon(Icon::Sheet)}</span>
                    <div class="what">
                        <strong class="file-name"></strong>
                        <p class="file-state">
                            <span class="ok">{icon(Icon::Check)}</span>
                            <span class="bad">{icon(Icon::Alert)}</span>
                            <span class="words"></span>
                        </p>
                        <progress max="100" value="0" hidden></progress>
                        <button type="button" class="button small" data-act="reduce" hidden></button>
                        <button type="button" class="button small" data-act="retry" hidden></button>
                        <button type="button" class="button small quiet" data-act="remove"></button>
                    </div>
                </li>
            </template>
        </div>
    }
    .into_any()
}

fn received(t: &T, items: &[ReceivedItem]) -> Option<AnyView> {
    if items.is_empty() {
        return None;
    }
    let rows = items
        .iter()
        .map(|item| {
            let (class, mark, state) = match item.check {
                Check::Pending => ("ok", Icon::Check, t.state_received),
                Check::Readable => ("ok", Icon::Check, t.state_checked),
                Check::Unreadable => ("bad", Icon::Alert, t.state_unreadable),
            };
            view! { <li class=class>{icon(mark)}<span><strong>{(t.item)(item.ordinal)}</strong>" "{state}</span></li> }
        })
        .collect_view();
    Some(
        view! { <section class="card"><h2>{t.received_title}</h2><ul class="facts">{rows}</ul></section> }
            .into_any(),
    )
}

/// The end of the deposit. Before the first file it is there for the script only, hidden.
fn finish(shell: &Shell, page: &Deposit, more: bool) -> AnyView {
    let t = &shell.lang.texts().deposit;
    let more = more.then(|| format!(" {}", t.finish_more));
    let receipt = page.receipt_path.clone().map(|path| view! { <p><a href=path>{t.follow}</a></p> });
    view! {
        <form id="finish" class="card" method="post" hidden=page.received.is_empty()
            action=format!("/d/{}/deposit/close?of={}", page.establishment.slug, page.scope)>
            {csrf(shell)}
            <h2>{t.finish_title}</h2>
            <p>{t.finish_text}{more}</p>
            <button class="button" type="submit">{t.finish}</button>
            {receipt}
        </form>
    }
    .into_any()
}
