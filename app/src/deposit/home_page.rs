//! `/`: a patient finds the establishment, a professional finds the portal.

use leptos::prelude::*;

use super::parts::{Icon, alert, icon};
use super::paths;
use super::shell::{Script, document};
use super::texts::Home;
use super::views::{FoundEstablishment, Search, SearchOutcome, Shell};

/// The home page, with what was searched if something was.
pub fn home(shell: &Shell, search: Option<&Search>) -> String {
    let texts = shell.lang.texts();
    let t = &texts.home;
    let too_short = match search.map(|s| &s.outcome) {
        Some(SearchOutcome::TooShort { least }) => Some((t.too_short)(*least)),
        _ => None,
    };
    let failed = too_short.is_some();
    let error = too_short.map(|sentence| {
        alert(texts.common.problem, view! { <p id="q-error"><a href="#q">{sentence}</a></p> })
    });
    let found = match search.map(|s| &s.outcome) {
        Some(SearchOutcome::Found { results, more }) => Some(results_list(t, search, results, *more)),
        _ => None,
    };
    let steps = search.is_none().then(|| {
        let steps = t.steps.into_iter().map(|step| view! { <li><p>{step}</p></li> }).collect_view();
        view! { <section><h2>{t.steps_title}</h2><ol class="numbered">{steps}</ol></section> }
    });
    let query = search.map(|s| s.query.clone()).unwrap_or_default();
    let main = view! {
        {error}
        <h1>{t.title}</h1>
        <p class="lead">{t.intro}</p>
        <form method="get" action="/" role="search" class="card">
            <label for="q">{t.label}</label>
            <p class="hint" id="q-hint">{t.hint}</p>
            <input id="q" name="q" type="search" value=query maxlength="80" required enterkeyhint="search"
                autocomplete="off" aria-invalid=failed.then_some("true")
                aria-describedby=if failed { "q-error q-hint" } else { "q-hint" }/>
            <button class="button" type="submit">{t.submit}</button>
        </form>
        {found}
        {steps}
        <p class="staff">{t.staff}" "<a href=paths::PORTAL>{t.staff_link}</a></p>
    };
    document(shell, t.title, failed, Script::None, main)
}

fn results_list(t: &Home, search: Option<&Search>, results: &[FoundEstablishment], more: bool) -> AnyView {
    if results.is_empty() {
        let query = search.map(|s| s.query.as_str()).unwrap_or_default();
        return view! {
            <section class="empty" id="results"><h2>{(t.none)(query)}</h2><p>{t.none_advice}</p></section>
        }
        .into_any();
    }
    let rows = results
        .iter()
        .map(|found| {
            view! {
                <li><a href=format!("/d/{}", found.slug)>
                    {icon(Icon::Place)}
                    <span><strong>{found.name.clone()}</strong><small>{found.place.clone()}</small></span>
                </a></li>
            }
        })
        .collect_view();
    let title = if more { None } else { Some((t.results)(u32::try_from(results.len()).unwrap_or(u32::MAX))) };
    view! {
        <section id="results">
            {title.map(|title| view! { <h2>{title}</h2> })}
            {more.then(|| view! { <p class="notice" role="status">{t.more}</p> })}
            <ul class="links">{rows}</ul>
        </section>
    }
    .into_any()
}
