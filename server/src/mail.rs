//! Delivering mails: to an SMTP server, or to a folder that somebody looks into.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use domain::{
    clock::Clock,
    mail::{Mail, MailError, Mailer},
    random::Random,
};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{self, ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{authentication::Credentials, extension::ClientId},
};
use tokio::fs;
use uuid::Uuid;

use crate::{
    config::{Config, Encryption, secret},
    start::StartError,
};

/// For a whole conversation with the server.
const PATIENCE: Duration = Duration::from_secs(20);
/// The folder of mails below the data folder.
pub const FOLDER: &str = "mails";

/// Makes the mailer of a configuration.
///
/// # Errors
/// A sender that is no address, a password file that can't be read, a folder that can't be made.
pub fn mailer(config: &Config, data_dir: &Path, random: &Random) -> Result<Mailer, StartError> {
    let host = host_of(&config.server.origin());
    let from: Mailbox = match &config.mail.from {
        Some(from) => from.parse().map_err(|error| format!("mail.from: {error}"))?,
        None => Mailbox::new(Some("CareLink".into()), Address::new("carelink", &host)?),
    };
    match &config.mail.host {
        Some(server) => smtp(config, server, from, host, random.clone()),
        None => folder(data_dir.join(FOLDER), from, host, random.clone()),
    }
}

/// A host name, or an address in brackets as mail addresses want it (RFC 5321, 4.1.3).
fn host_of(origin: &str) -> String {
    let authority = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => authority.split(':').next().unwrap_or(authority),
    };
    match host.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(ip)) => format!("[{ip}]"),
        Ok(std::net::IpAddr::V6(ip)) => format!("[IPv6:{ip}]"),
        Err(_) => host.to_owned(),
    }
}

fn smtp(
    config: &Config,
    server: &str,
    from: Mailbox,
    host: String,
    random: Random,
) -> Result<Mailer, StartError> {
    // TLS is rustls with ring everywhere. That it is set already is no error.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mail = &config.mail;
    let mut builder = match mail.encryption {
        Encryption::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(server)?,
        Encryption::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(server)?,
        Encryption::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server),
    };
    builder = builder.timeout(Some(PATIENCE)).hello_name(ClientId::Domain(host.clone()));
    if mail.port != 0 {
        builder = builder.port(mail.port);
    }
    let password = secret(mail.password.as_ref(), mail.password_file.as_ref())?;
    if let (Some(name), Some(password)) = (&mail.username, password) {
        builder = builder.credentials(Credentials::new(name.clone(), password));
    }
    let transport = builder.build();
    Ok(Mailer::new(move |mail| {
        let (transport, from, host, random) = (transport.clone(), from.clone(), host.clone(), random.clone());
        async move {
            let message = message(&mail, from, &host, &random)?;
            transport.send(message).await.map(drop).map_err(|error| nameless(&error, &mail))
        }
    }))
}

/// A name that no other mail has, or will have.
fn name(random: &Random) -> Result<Uuid, MailError> {
    random.uuid(Clock::system().now()).map_err(|error| MailError(error.to_string()))
}

fn folder(path: PathBuf, from: Mailbox, host: String, random: Random) -> Result<Mailer, StartError> {
    use std::os::unix::fs::DirBuilderExt;
    // Links in these mails open accounts: nobody else may look.
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
    Ok(Mailer::new(move |mail| {
        let (path, from, host, random) = (path.clone(), from.clone(), host.clone(), random.clone());
        async move {
            let bytes = message(&mail, from, &host, &random)?.formatted();
            let plain = format!("To: {}\nSubject: {}\n\n{}", mail.to.as_ref(), mail.subject, mail.text);
            // The oldest first where names are sorted, and never half a mail under its name.
            let name = name(&random)?;
            // The same to be read without a mail program: a link of the other form is no link when it is copied as it stands.
            for (ending, bytes) in [("txt", plain.into_bytes()), ("eml", bytes)] {
                let (draft, whole) =
                    (path.join(format!(".{name}.{ending}")), path.join(format!("{name}.{ending}")));
                fs::write(&draft, bytes).await.map_err(|error| MailError(error.to_string()))?;
                fs::rename(&draft, &whole).await.map_err(|error| MailError(error.to_string()))?;
            }
            Ok(())
        }
    }))
}

/// What servers answer often quotes the address; it belongs neither into logs nor into the queue.
fn nameless(error: &dyn std::error::Error, mail: &Mail) -> MailError {
    let mut text = error.to_string();
    if let Some(source) = error.source() {
        text = format!("{text}: {source}");
    }
    let hidden = text.replace(mail.to.as_ref(), "(address)");
    // As a server writes it, it may differ in case: then nothing of the answer is kept.
    let local = mail.to.as_ref().split('@').next().unwrap_or_default();
    let shows = local.len() > 2 && hidden.to_lowercase().contains(local);
    MailError(if shows { "the server refused it".into() } else { hidden })
}

fn message(mail: &Mail, from: Mailbox, host: &str, random: &Random) -> Result<Message, MailError> {
    let bad = |error: &dyn std::fmt::Display| MailError(error.to_string());
    let to = mail.to.as_ref().parse::<Address>().map_err(|_| MailError("not a mail address".into()))?;
    let part = |kind: ContentType, text: &str| {
        SinglePart::builder()
            .header(kind)
            .header(header::ContentTransferEncoding::QuotedPrintable)
            .body(text.to_owned())
    };
    let built = Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(&mail.subject)
        .message_id(Some(format!("<{}@{host}>", name(random)?)))
        .raw_header(raw("Content-Language", mail.language))
        // No answers of absent people, no loops (RFC 3834).
        .raw_header(raw("Auto-Submitted", "auto-generated"))
        .multipart(
            MultiPart::alternative()
                .singlepart(part(ContentType::TEXT_PLAIN, &mail.text))
                .singlepart(part(ContentType::TEXT_HTML, &mail.html)),
        );
    built.map_err(|error| bad(&error))
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
