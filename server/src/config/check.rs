//! `config check`: what will not work, and why.

use super::{Authentication, Config, Encryption, Environment, Mode, SecondFactor};

/// One remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether the server refuses to start.
    pub fatal: bool,
    /// Key and explanation.
    pub text: String,
}

/// Two connections listen for events and jobs and never come back; with fewer than two more, whoever waits for a second
/// one waits for ever.
const FEWEST_CONNECTIONS: u32 = 4;

/// Looks at a configuration, and whether the files that it names can be read; changes nothing.
pub fn check(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |fatal, text: &str| findings.push(Finding { fatal, text: text.to_owned() });
    let server = &config.server;
    let production = server.mode == Mode::Production;
    match &server.public_url {
        None if production => say(
            true,
            "server.public_url is required in production: it decides cookies, links and what counts as the same site. Example: https://carelink.example.fr",
        ),
        Some(url) if !url.starts_with("https://") && production => say(
            true,
            "server.public_url must begin with https:// in production: over plain http everybody on the way reads documents and sessions",
        ),
        Some(url) if !url.starts_with("https://") && !url.starts_with("http://") => {
            say(true, "server.public_url needs its scheme: http:// or https://");
        }
        Some(url) if url.splitn(4, '/').nth(3).is_some_and(|path| !path.is_empty()) => {
            say(true, "server.public_url is an origin: leave the path out");
        }
        _ => {}
    }
    let urls = (
        config.database.url.is_some() || config.database.url_file.is_some(),
        config.database.owner_url.is_some() || config.database.owner_url_file.is_some(),
    );
    match urls {
        (true, false) if config.database.migrate => say(
            true,
            "database.owner_url is missing: migrations need the owner login (or set database.migrate = false on nodes that only serve)",
        ),
        (false, true) => say(
            true,
            "database.owner_url is given without database.url: give both, or neither for a private PostgreSQL",
        ),
        _ => {}
    }
    if !server.site_root.join("pkg").is_dir() {
        let text = format!(
            "server.site_root: {} holds no folder pkg: pages would come without style and script. It is what `cargo leptos build` made",
            server.site_root.display()
        );
        say(production, &text);
    }
    if server.max_connections == 0 {
        say(true, "server.max_connections is 0: nobody could come");
    }
    if config.database.max_connections < FEWEST_CONNECTIONS {
        say(
            true,
            "database.max_connections must be 4 or more: two connections do nothing but listen for events and jobs, and the others serve everybody",
        );
    }
    let storage = &config.storage;
    let secret = storage.secret_access_key.is_some() || storage.secret_access_key_file.is_some();
    if storage.access_key_id.is_some() != secret {
        say(
            true,
            "storage.access_key_id and storage.secret_access_key: give both, or neither for the machine's own role",
        );
    }
    if storage.bucket.is_none() && (storage.endpoint.is_some() || storage.region.is_some() || secret) {
        say(true, "storage.bucket is missing: the other keys of [storage] say how to reach it");
    }
    if storage.bucket.is_some() && storage.endpoint.is_none() && storage.region.is_none() {
        say(true, "storage.region or storage.endpoint is missing: where is the bucket?");
    }
    if production && storage.endpoint.as_ref().is_some_and(|url| !url.starts_with("https://")) {
        say(
            false,
            "storage.endpoint is not https: documents are encrypted, but who is on the way can see which are read and withhold them",
        );
    }
    if production && server.is_secure() && server.trusted_proxies.is_empty() {
        say(
            false,
            "server.trusted_proxies is empty: behind a TLS proxy every client would have the proxy's address, and share its limits",
        );
    }
    if production && server.publisher.is_none() {
        say(false, "server.publisher is empty: the legal notice will say so (LCEN art. 6)");
    }
    if config.viewer.filter_optional && production {
        say(
            true,
            "viewer.filter_optional: documents of strangers must not be drawn without the system-call filter in production",
        );
    }
    for (fatal, text) in second_factor(config).into_iter().chain(psc(config)) {
        say(fatal, text);
    }
    if server.cors_origins.iter().any(|origin| origin == "*") {
        say(true, "server.cors_origins: name the origins; every site is not an origin");
    }
    for (fatal, text) in mail(config) {
        say(fatal, text);
    }
    for text in unreadable(config) {
        say(true, &text);
    }
    findings
}

fn second_factor(config: &Config) -> Option<(bool, &'static str)> {
    let without = config.identity.second_factor == SecondFactor::Optional;
    (without && config.server.mode == Mode::Production).then_some((
        true,
        "identity.second_factor = optional: in production a password alone is not acceptable for access to health data",
    ))
}

/// What does not fit in `[psc]`, and whether it prevents a start.
fn psc(config: &Config) -> Vec<(bool, &'static str)> {
    let (psc, mut found) = (&config.psc, Vec::new());
    if psc.client_id.is_none() {
        return found;
    }
    let production = config.server.mode == Mode::Production;
    let secret = psc.client_secret.is_some() || psc.client_secret_file.is_some();
    match psc.authentication {
        Authentication::Certificate if psc.certificate_file.is_none() => {
            found.push((true, "psc.certificate_file is missing: psc.authentication is certificate"));
        }
        Authentication::SecretPost | Authentication::SecretBasic if !secret => {
            found.push((true, "psc.client_secret is missing: psc.authentication sends a secret"));
        }
        _ => {}
    }
    match (psc.issuer(), psc.environment) {
        (None, _) => found.push((true, "psc.issuer is missing: psc.environment names no provider")),
        (Some(_), Environment::Simulator) if production => {
            found
                .push((true, "psc.environment = simulator: everybody could be anybody. Never in production"));
        }
        (Some(issuer), Environment::Custom) if production && !issuer.starts_with("https://") => {
            found.push((true, "psc.issuer must begin with https:// in production"));
        }
        _ => {}
    }
    if psc.issuer.is_some() && matches!(psc.environment, Environment::Production | Environment::Bas) {
        found.push((false, "psc.issuer is not read: psc.environment names the provider"));
    }
    if psc.algorithms.is_empty() {
        found.push((true, "psc.algorithms is empty: no identity token could be accepted"));
    }
    found
}

/// What does not fit in `[mail]`, and whether it prevents a start.
fn mail(config: &Config) -> Vec<(bool, &'static str)> {
    let (mail, mut found) = (&config.mail, Vec::new());
    let production = config.server.mode == Mode::Production;
    let password = mail.password.is_some() || mail.password_file.is_some();
    if mail.host.is_none() {
        if production {
            found.push((
                false,
                "mail.host is missing: mails lie in data_dir/mails, and nobody gets a link to a new password or a notice of a new sign-in",
            ));
        }
        return found;
    }
    if mail.from.is_none() {
        found.push((true, "mail.from is missing: mail servers refuse mails of an address that they don't know. Example: CareLink <ne-pas-repondre@exemple.fr>"));
    }
    if mail.username.is_some() != password {
        found.push((true, "mail.username and mail.password: give both, or neither"));
    }
    if mail.encryption == Encryption::None && !mail.is_local() {
        found.push((
            production,
            "mail.encryption = none: links that open accounts would travel in clear. Only a server on this very machine may do without",
        ));
    }
    found
}

/// Files of secrets that are needed and can't be read, whatever section they are of: every `key_file` whose `key` is not
/// given itself.
fn unreadable(config: &Config) -> Vec<String> {
    let mut found = Vec::new();
    let sections = serde_json::to_value(config).unwrap_or_default();
    for (section, keys) in sections.as_object().into_iter().flatten() {
        for (key, path) in keys.as_object().into_iter().flatten() {
            let Some((direct, path)) = key.strip_suffix("_file").zip(path.as_str()) else { continue };
            if !keys[direct].is_null() {
                continue;
            }
            if let Err(error) = std::fs::read_to_string(path) {
                found.push(format!("{section}.{key}: {path}: {error}"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fatal(change: impl FnOnce(&mut Config)) -> usize {
        let mut config = Config::default();
        config.server.public_url = Some("https://carelink.example.fr".into());
        let site = tempfile::tempdir().unwrap();
        std::fs::create_dir(site.path().join("pkg")).unwrap();
        config.server.site_root = site.path().to_owned();
        change(&mut config);
        check(&config).into_iter().filter(|finding| finding.fatal).count()
    }

    #[test]
    fn production_needs_the_files_of_its_pages() {
        let nowhere = std::path::PathBuf::from("/nowhere/site");
        assert_eq!(fatal(|c| c.server.site_root = nowhere.clone()), 1);
        assert_eq!(fatal(|c| (c.server.site_root = nowhere.clone(), c.server.mode = Mode::Development).1), 0);
    }

    #[test]
    fn production_needs_a_public_https_origin() {
        assert_eq!(fatal(|_| {}), 0);
        assert_eq!(fatal(|c| c.server.public_url = None), 1);
        assert_eq!(fatal(|c| c.server.public_url = Some("http://x.example".into())), 1);
        assert_eq!(fatal(|c| c.server.public_url = Some("https://x.example/path".into())), 1);
    }

    #[test]
    fn a_bucket_needs_its_place_and_both_halves_of_its_key() {
        assert_eq!(fatal(|c| c.storage.bucket = Some("documents".into())), 1);
        assert_eq!(fatal(|c| c.storage.region = Some("fr-par".into())), 1);
        let bucket = |c: &mut Config| {
            c.storage.bucket = Some("documents".into());
            c.storage.region = Some("fr-par".into());
        };
        assert_eq!(fatal(bucket), 0);
        assert_eq!(fatal(|c| (bucket(c), c.storage.access_key_id = Some("id".into())).1), 1);
    }

    #[test]
    fn pro_sante_connect_needs_a_secret_and_is_no_simulator_in_production() {
        assert_eq!(fatal(|c| c.psc.environment = Environment::Simulator), 0, "there is no client id");
        let with = |c: &mut Config| {
            c.psc.client_id = Some("carelink".into());
            c.psc.client_secret = Some("s".into());
        };
        assert_eq!(fatal(with), 0);
        assert_eq!(fatal(|c| c.psc.client_id = Some("carelink".into())), 1);
        assert_eq!(fatal(|c| (with(c), c.psc.authentication = Authentication::Certificate).1), 1);
        assert_eq!(fatal(|c| (with(c), c.psc.environment = Environment::Custom).1), 1);
        let simulator = |c: &mut Config| {
            with(c);
            c.psc.environment = Environment::Simulator;
            c.psc.issuer = Some("http://127.0.0.1:3999/auth/realms/esante-wallet".into());
        };
        assert_eq!(fatal(simulator), 1);
        assert_eq!(fatal(|c| (simulator(c), c.server.mode = Mode::Demonstration).1), 0);
        assert_eq!(fatal(|c| (with(c), c.psc.algorithms.clear()).1), 1);
    }

    #[test]
    fn a_second_factor_is_no_choice_in_production() {
        assert_eq!(fatal(|c| c.identity.second_factor = SecondFactor::Optional), 1);
        let elsewhere = |c: &mut Config| {
            c.identity.second_factor = SecondFactor::Optional;
            c.server.mode = Mode::Development;
        };
        assert_eq!(fatal(elsewhere), 0);
    }

    #[test]
    fn mails_travel_encrypted_and_from_somebody() {
        let with = |c: &mut Config| {
            c.mail.host = Some("smtp.exemple.fr".into());
            c.mail.from = Some("CareLink <a@exemple.fr>".into());
        };
        assert_eq!(fatal(with), 0);
        assert_eq!(fatal(|c| (with(c), c.mail.from = None).1), 1);
        assert_eq!(fatal(|c| (with(c), c.mail.username = Some("a".into())).1), 1);
        assert_eq!(fatal(|c| (with(c), c.mail.encryption = Encryption::None).1), 1);
        let local = |c: &mut Config| {
            with(c);
            (c.mail.host, c.mail.encryption) = (Some("localhost".into()), Encryption::None);
        };
        assert_eq!(fatal(local), 0);
    }

    #[test]
    fn both_logins_or_neither() {
        assert_eq!(fatal(|c| c.database.url = Some("postgres://a".into())), 1);
        assert_eq!(fatal(|c| c.database.owner_url = Some("postgres://a".into())), 1);
    }

    #[test]
    fn two_connections_listen_and_the_others_must_suffice() {
        assert_eq!(fatal(|c| c.database.max_connections = 3), 1);
        assert_eq!(fatal(|c| c.database.max_connections = 4), 0);
        assert_eq!(fatal(|c| c.server.max_connections = 0), 1);
    }

    #[test]
    fn a_file_that_is_needed_must_be_readable() {
        let folder = tempfile::tempdir().unwrap();
        let (there, nowhere) = (folder.path().join("pepper"), folder.path().join("nowhere"));
        std::fs::write(&there, "a secret").unwrap();
        assert_eq!(fatal(|c| c.secrets.pepper_file = Some(there.clone())), 0);
        assert_eq!(fatal(|c| c.secrets.pepper_file = Some(nowhere.clone())), 1);
        assert_eq!(fatal(|c| c.secrets.pepper_file = Some(folder.path().to_owned())), 1, "a folder");
        assert_eq!(fatal(|c| c.secrets.signing_key_file = Some(nowhere.clone())), 1);
        let given = |c: &mut Config| {
            c.secrets.pepper = Some("given".into());
            c.secrets.pepper_file = Some(nowhere.clone());
        };
        assert_eq!(fatal(given), 0, "nobody reads it then");
        let mut config = Config::default();
        config.database.url_file = Some(nowhere);
        let said: Vec<_> = check(&config).into_iter().map(|finding| finding.text).collect();
        assert!(said.iter().any(|text| text.starts_with("database.url_file: /")), "{said:?}");
    }
}
