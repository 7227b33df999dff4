//! `/r/<token>/withdraw`: the question before a deposit is deleted.

use leptos::prelude::*;

use super::parts::csrf;
use super::shell::{Script, document};
use super::views::{Shell, Withdraw};

/// The confirmation (a GET). Its form is `POST /r/<token>/withdraw`, url-encoded: `csrf`, `confirm=yes`.
pub fn withdraw_confirm(shell: &Shell, page: &Withdraw) -> String {
    let t = &shell.lang.texts().withdraw;
    let main = view! {
        <h1>{t.title}</h1>
        <div class="card">
            <p class="lead">{(t.text)(page.files, &page.establishment_name)}</p>
            <p>{t.reference}" "<strong class="reference">{page.reference.clone()}</strong></p>
            <p>{t.then}</p>
            <form method="post" action=format!("{}/withdraw", page.receipt_path) class="choices">
                {csrf(shell)}
                <input type="hidden" name="confirm" value="yes"/>
                <button class="button danger" type="submit">{t.confirm}</button>
                <a class="button quiet" href=page.receipt_path.clone()>{t.cancel}</a>
            </form>
        </div>
    };
    document(shell, t.title, false, Script::None, main)
}
