//! What lies on disk can't be read without the master key, and with it by any program that speaks age.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use domain::{documents, vault::Vault};
use tokio::io::AsyncReadExt;

use crate::support::{App, House, app, files};

const MARK: &str = "Rendez-vous avec le docteur Fictif";

async fn header_and_payload(app: &App, house: &House) -> (Vec<u8>, Vec<u8>) {
    let sql = format!("SELECT header, blob FROM {}.documents", house.schema());
    let (header, blob): (Vec<u8>, String) =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(&mut app.look().await).await.unwrap();
    (header, std::fs::read(app.folder.path().join("blobs").join(blob)).unwrap())
}

/// Decrypts with the program; `None` where there is none.
fn age(identity: &Path, sealed: &[u8]) -> Option<Result<Vec<u8>, String>> {
    let child = Command::new("age")
        .arg("-d")
        .arg("-i")
        .arg(identity)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: the program `age` is not installed");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let sealed = sealed.to_vec();
    let feeder = std::thread::spawn(move || {
        let _ = stdin.write_all(&sealed);
    });
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    Some(if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    })
}

#[tokio::test]
async fn a_stored_document_shows_nothing_of_its_content() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let bytes = files::pdf(MARK, 200_000);
    app.document(&house, &staff, "a.pdf", &bytes).await;
    let (header, payload) = header_and_payload(&app, &house).await;
    assert!(header.starts_with(b"age-encryption.org/v1\n"));
    let all = [header, payload].concat();
    for piece in [MARK.as_bytes(), b"%PDF", b"endobj", b"xxxxxxxx"] {
        assert!(
            !all.windows(piece.len()).any(|window| window == piece),
            "{}",
            String::from_utf8_lossy(piece)
        );
    }
}

#[tokio::test]
async fn a_stored_document_is_decrypted_by_debians_age() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let bytes = files::pdf(MARK, 200_000);
    app.document(&house, &staff, "a.pdf", &bytes).await;
    let (header, payload) = header_and_payload(&app, &house).await;
    let wrapped: Vec<u8> = sqlx::query_scalar("SELECT wrapped_identity FROM control.establishments")
        .fetch_one(&mut app.look().await)
        .await
        .unwrap();

    let master = app.folder.path().join("master.key");
    std::fs::write(&master, &app.master).unwrap();
    let Some(unwrapped) = age(&master, &wrapped) else { return };
    let identity = app.folder.path().join("establishment.key");
    std::fs::write(&identity, unwrapped.unwrap()).unwrap();
    let sealed = [header, payload].concat();
    assert_eq!(age(&identity, &sealed).unwrap().unwrap(), bytes);

    // The master key opens no document by itself, and another one opens no establishment.
    assert!(age(&master, &sealed).unwrap().is_err());
    std::fs::write(&master, Vault::new_master()).unwrap();
    assert!(age(&master, &wrapped).unwrap().is_err());
}

#[tokio::test]
async fn a_document_reads_back_through_another_node_and_not_with_another_master_key() {
    let mut app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let bytes = files::pdf(MARK, 1_000_000);
    let (id, _) = app.document(&house, &staff, "Été à l’hôpital.pdf", &bytes).await;
    let read = async |d| {
        let mut download = documents::download(d, &staff, id).await?;
        let mut content = Vec::new();
        download.content.read_to_end(&mut content).await.unwrap();
        Ok::<_, domain::Refused>((download.name, download.size, content))
    };
    let other = app.node(crate::support::Node::default());
    let (name, size, content) = read(&other).await.unwrap();
    assert_eq!((name.as_str(), size), ("Été à l’hôpital.pdf", bytes.len() as u64));
    assert!(content == bytes);
    app.master = Vault::new_master();
    let stranger = app.node(crate::support::Node::default());
    let audited =
        format!("SELECT count(*) FROM {}.audit WHERE action = 'documents.download'", house.schema());
    assert_eq!(app.count(&audited).await, 1);
    assert!(read(&stranger).await.is_err());
    assert_eq!(app.count(&audited).await, 1, "what could not be read was audited as a download");
}

#[tokio::test]
async fn two_documents_of_one_content_look_different() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    for _ in 0..2 {
        app.document(&house, &staff, "a.png", files::PNG).await;
    }
    let blobs: Vec<_> = app.blobs().into_iter().map(|path| std::fs::read(path).unwrap()).collect();
    assert_eq!(blobs.len(), 2);
    assert_ne!(blobs[0], blobs[1]);
}
