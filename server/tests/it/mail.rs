//! The way out of mails: over SMTP (RFC 5321), and into the folder.

use std::{net::SocketAddr, path::Path};

use domain::{mail::Mail, random::Random};
use server::{
    config::{Config, Encryption},
    mail,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
    task::JoinHandle,
};

fn letter() -> Mail {
    Mail {
        to: "camille.fictive@exemple.fr".parse().unwrap(),
        subject: "Réinitialisation".into(),
        text: "Ouvrez ce lien :\nhttps://carelink.example/portal/reset?t=abc\n.\nFin — voilà\n".into(),
        html: "<p>Ouvrez <a href=\"https://carelink.example/portal/reset?t=abc\">ce lien</a></p>".into(),
        language: "fr",
    }
}

fn config(port: u16) -> Config {
    let mut config = Config::default();
    config.server.public_url = Some("https://carelink.example".into());
    config.mail.host = Some("127.0.0.1".into());
    config.mail.port = port;
    config.mail.encryption = Encryption::None;
    config.mail.from = Some("CareLink <ne-pas-repondre@exemple.fr>".into());
    config
}

/// A mail server that takes one mail, or refuses its recipient; gives every line that it was sent.
async fn server(refuse: bool) -> (SocketAddr, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let conversation = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = socket.into_split();
        let (mut lines, mut heard, mut body) = (BufReader::new(reader).lines(), Vec::new(), false);
        writer.write_all(b"220 mail.exemple.fr ESMTP\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            let answer = match verb.as_str() {
                _ if body && line != "." => None,
                _ if body => Some("250 taken"),
                "EHLO" => Some("250 mail.exemple.fr"),
                "RCPT" if refuse => Some("550 5.1.1 <Camille.Fictive@exemple.fr>: no such user"),
                "DATA" => Some("354 go on"),
                "QUIT" => Some("221 bye"),
                _ => Some("250 ok"),
            };
            body = verb == "DATA" || (body && line != ".");
            heard.push(line);
            if let Some(answer) = answer {
                writer.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
            }
            if answer == Some("250 taken") || answer.is_some_and(|answer| answer.starts_with("550")) {
                break;
            }
        }
        heard
    });
    (address, conversation)
}

#[tokio::test]
async fn a_mail_reaches_the_mail_server_whole() {
    let (address, conversation) = server(false).await;
    let mailer = mail::mailer(&config(address.port()), Path::new("/nowhere"), &Random::seeded(3)).unwrap();
    mailer.deliver(letter()).await.unwrap();
    let heard = conversation.await.unwrap();
    let said = |start: &str| heard.iter().any(|line| line.starts_with(start));
    for start in [
        "EHLO carelink.example",
        "MAIL FROM:<ne-pas-repondre@exemple.fr>",
        "RCPT TO:<camille.fictive@exemple.fr>",
        "From: \"CareLink\" <ne-pas-repondre@exemple.fr>",
        "To: camille.fictive@exemple.fr",
        "Content-Language: fr",
        "Auto-Submitted: auto-generated",
        "Content-Type: multipart/alternative;",
        "Content-Type: text/html; charset=utf-8",
    ] {
        assert!(said(start) || said(&start.replace('"', "")), "{start} in {heard:#?}");
    }
    assert!(
        heard.iter().any(|line| line.starts_with("Message-ID: <") && line.ends_with("@carelink.example>"))
    );
    assert!(!heard.iter().any(|line| line.contains("Réinitialisation")), "headers are ASCII");
    assert!(heard.iter().any(|line| line == ".."), "a lone dot doesn't end the mail");
}

#[tokio::test]
async fn a_refusal_names_nobody() {
    let (address, conversation) = server(true).await;
    let mailer = mail::mailer(&config(address.port()), Path::new("/nowhere"), &Random::seeded(4)).unwrap();
    let error = mailer.deliver(letter()).await.unwrap_err().to_string();
    assert!(!error.to_lowercase().contains("camille"), "{error}");
    conversation.await.unwrap();
    let nobody = mail::mailer(&config(1), Path::new("/nowhere"), &Random::seeded(5)).unwrap();
    assert!(nobody.deliver(letter()).await.is_err());
}

#[tokio::test]
async fn without_a_mail_server_each_mail_is_a_file_that_nobody_else_reads() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(0);
    config.mail.host = None;
    config.mail.from = None;
    let mailer = mail::mailer(&config, folder.path(), &Random::system()).unwrap();
    mailer.deliver(letter()).await.unwrap();
    mailer.deliver(letter()).await.unwrap();
    let mails = folder.path().join(mail::FOLDER);
    assert_eq!(std::fs::metadata(&mails).unwrap().permissions().mode() & 0o777, 0o700);
    let files: Vec<_> = std::fs::read_dir(&mails).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 4, "each as a mail and as a text");
    let of = |ending: &str| files.iter().find(|file| file.extension().is_some_and(|e| e == ending)).unwrap();
    let plain = std::fs::read_to_string(of("txt")).unwrap();
    assert!(
        plain.contains("https://carelink.example/portal/reset?t=abc"),
        "to be copied as it stands: {plain}"
    );
    let text = std::fs::read_to_string(of("eml")).unwrap();
    assert!(text.contains("carelink@carelink.example"), "{text}");
    assert!(text.contains("https://carelink.example/portal/reset?t=3Dabc"), "quoted-printable: {text}");
}

#[test]
fn a_sender_that_is_no_address_prevents_the_start() {
    let mut config = config(25);
    config.mail.from = Some("sans arobase".into());
    assert!(mail::mailer(&config, Path::new("/nowhere"), &Random::system()).is_err());
}
