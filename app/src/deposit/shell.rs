//! The document around every page: one stylesheet, at most one deferred script, no other request.

use leptos::prelude::*;

use super::parts::{Icon, icon};
use super::paths;
use super::views::Shell;

/// Which scripts a page carries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// Nothing to enhance.
    None,
    /// `deposit.js`, deferred: the page is complete without it.
    Deposit,
}

/// A whole document. `failed` puts the error first in the title, where a screen reader begins.
pub(super) fn document(
    shell: &Shell,
    title: &str,
    failed: bool,
    script: Script,
    main: impl IntoView,
) -> String {
    let t = &shell.lang.texts().common;
    let title = format!("{}{title} - CareLink", if failed { t.error_prefix } else { "" });
    let script =
        (script == Script::Deposit).then(|| view! { <script src=shell.js_href.clone() defer></script> });
    let other = shell.lang.other().code();
    let page = view! {
        <!DOCTYPE html>
        <html lang=shell.lang.code()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="robots" content="noindex"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="format-detection" content="telephone=no"/>
                <title>{title}</title>
                <link rel="stylesheet" href=shell.css_href.clone()/>
                {script}
            </head>
            <body>
                <a class="skip" href="#content">{t.skip}</a>
                <header class="top">
                    <div class="wide">
                        <a class="brand" href="/">
                            {icon(Icon::Brand)}
                            <span><strong>"CareLink"</strong><small>{t.tagline}</small></span>
                        </a>
                        <a class="lang" href=shell.path_for_lang_switch.clone() lang=other hreflang=other>
                            {t.other_language}
                        </a>
                    </div>
                </header>
                <main id="content" tabindex="-1" class="wide">{main.into_view()}</main>
                <footer>
                    <nav class="wide" aria-label=t.footer>
                        <ul>
                            <li><a href=paths::LEGAL>{t.legal}</a></li>
                            <li><a href=paths::PRIVACY>{t.privacy}</a></li>
                            <li><a href=paths::ACCESSIBILITY>{t.accessibility}</a></li>
                        </ul>
                    </nav>
                </footer>
            </body>
        </html>
    };
    // Leptos separates neighbouring texts with this comment for hydration, which never happens here. Data can't
    // contain it: it is escaped everywhere.
    page.to_html().replace("<!>", "")
}
