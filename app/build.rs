//! Makes the typed texts of the portal: a missing key or a key in one language only does not compile.

use std::{env, error::Error, path::PathBuf};

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos, options::CodegenOptions};

#[expect(
    clippy::disallowed_methods,
    reason = "cargo hands the output folder to build scripts in the environment"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR")?).join("i18n");
    // One file a capability, the same word as everywhere.
    let config = Config::new("fr")?
        .add_locale("en")?
        .add_namespaces([
            "common",
            "shell",
            "identity",
            "home",
            "codes",
            "documents",
            "members",
            "settings",
            "audit",
            "registration",
        ])?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let texts = TranslationsInfos::parse(config)?;
    texts.emit_errors();
    if env::var_os("CARGO_FEATURE_SSR").is_some() || env::var_os("CARGO_FEATURE_HYDRATE").is_some() {
        texts.emit_warnings();
    }
    texts.rerun_if_locales_changed();
    let attributes =
        "#![allow(missing_docs, clippy::all, clippy::pedantic, clippy::expect_used, clippy::allow_attributes, clippy::allow_attributes_without_reason, unused_qualifications, dead_code)]".parse()?;
    let options = CodegenOptions::new().top_level_attributes(Some(attributes)).gen_docs(false);
    texts.generate_i18n_module_with_options(out, options)?;
    Ok(())
}
