//! The HTML document around the application.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

use super::App;
use crate::api;

/// What only the server knows of the document that it renders.
#[derive(Clone, Default)]
struct Head {
    language: &'static str,
    csrf: String,
    establishment: String,
}

#[cfg(feature = "ssr")]
fn head() -> Head {
    if let (Some(nonce), Some(response)) =
        (leptos::nonce::use_nonce(), use_context::<leptos_axum::ResponseOptions>())
        && let Ok(value) = http::HeaderValue::from_str(&nonce.to_string())
    {
        response.insert_header(crate::ssr::NONCE_HEADER, value);
    }
    let Ok(caller) = crate::ssr::caller() else { return Head { language: "fr", ..Head::default() } };
    let establishment = caller.identified.and_then(|who| who.establishment);
    Head {
        language: caller.language.tag(),
        csrf: caller.csrf,
        establishment: establishment.map(|id| id.to_string()).unwrap_or_default(),
    }
}

#[cfg(not(feature = "ssr"))]
fn head() -> Head {
    Head::default()
}

/// The document. Rendered on the server only.
pub fn document(options: LeptosOptions) -> AnyView {
    let head = head();
    view! {
        <!DOCTYPE html>
        <html lang=head.language>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <meta name=api::CSRF_META content=head.csrf />
                <meta name=api::ESTABLISHMENT_META content=head.establishment />
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <HashedStylesheet options=options.clone() id="style" />
                <HydrationScripts options=options islands=false />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
    // One type for the host, whatever the pages are made of: what it does with a document is compiled once.
    .into_any()
}
