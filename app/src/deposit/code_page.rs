//! `/d/<slug>`: the six characters.

use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;

use super::parts::{alert, csrf, wait, whereabouts};
use super::shell::{Script, document};
use super::texts::Texts;
use super::views::{CodeProblem, EnterCode, Shell};

/// Six letters or digits; blanks and every dash that a keyboard may write are let through, the server folds them.
const PATTERN: &str = r"[\s\-\u2010-\u2015\u2212]*([0-9A-Za-z][\s\-\u2010-\u2015\u2212]*){6}";

/// The page that asks for the code. The form is `POST /d/<slug>`, url-encoded: `csrf`, `code`.
pub fn enter_code(shell: &Shell, page: &EnterCode) -> String {
    let texts = shell.lang.texts();
    let t = &texts.code;
    let e = &page.establishment;
    let failed = page.problem.is_some();
    let error = page.problem.map(|problem| {
        let sentence = sentence(texts, problem);
        alert(texts.common.problem, view! { <p id="code-error"><a href="#code">{sentence}</a></p> })
    });
    // Safari's own attribute, which Leptos does not know.
    let no_correction = custom_attribute("autocorrect", "off");
    let main = view! {
        {error}
        <h1>{t.title}</h1>
        <div class="card who">
            <p class="hint">{t.for_establishment}</p>
            <p class="name">{e.name.clone()}</p>
            {whereabouts(&texts.common, e)}
        </div>
        <form method="post" action=format!("/d/{}", e.slug) class="card">
            {csrf(shell)}
            <label for="code">{t.label}</label>
            <p class="hint" id="code-hint">{t.hint}</p>
            <input id="code" class="code" name="code" type="text" inputmode="text" value=page.typed.clone()
                maxlength="24" required pattern=PATTERN title=t.pattern_title autocomplete="off"
                autocapitalize="characters" spellcheck="false" enterkeyhint="go"
                aria-invalid=failed.then_some("true")
                aria-describedby=if failed { "code-error code-hint" } else { "code-hint" }
                {..no_correction}/>
            <button class="button" type="submit">{t.submit}</button>
        </form>
        <section><h2>{t.without_title}</h2><p>{t.without}</p><p><a href="/">{t.elsewhere}</a></p></section>
    };
    document(shell, &format!("{} - {}", t.title, e.name), failed, Script::Deposit, main)
}

fn sentence(texts: &Texts, problem: CodeProblem) -> String {
    let t = &texts.code;
    match problem {
        CodeProblem::Missing => t.missing.into(),
        CodeProblem::Malformed => t.malformed.into(),
        CodeProblem::Wrong => t.wrong.into(),
        CodeProblem::TooManyAttempts { wait_seconds } => (t.too_many)(&wait(&texts.common, wait_seconds)),
        CodeProblem::NoCookie => t.no_cookie.into(),
    }
}
