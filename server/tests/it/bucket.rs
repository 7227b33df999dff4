//! Documents in a bucket of an S3 service, spoken to over HTTP with signed requests.

use std::{
    convert::Infallible,
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use domain::{
    Staff, codes,
    documents::{self, Incoming, ReceiveError},
    jobs,
};
use futures_util::stream;
use hyper::service::{Service, service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use model::{ids::DocumentId, roles::Role};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use server::store::s3::{self, Patience};
use tempfile::TempDir;
use tokio::{io::AsyncReadExt, net::TcpListener};

use crate::support::{App, House, app_with, config, files};

const BUCKET: &str = "carelink-documents";
const SECRET: &str = "not-a-secret";

/// What a service was asked: method and query of each request.
type Asked = Arc<Mutex<Vec<String>>>;

/// A service whose buckets are folders of `root`; it ends with the test.
async fn serve(root: &Path) -> String {
    observed(root, Asked::default()).await
}

async fn observed(root: &Path, asked: Asked) -> String {
    fs::create_dir(root.join(BUCKET)).unwrap();
    let mut service = S3ServiceBuilder::new(FileSystem::new(root).unwrap());
    service.set_auth(SimpleAuth::from_single("somebody", SECRET));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let (service, asked) = (service.clone(), Arc::clone(&asked));
            let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                let line = format!("{} {}", request.method(), request.uri().query().unwrap_or_default());
                asked.lock().unwrap().push(line);
                Service::call(&service, request)
            });
            tokio::spawn(async move {
                let http = auto::Builder::new(TokioExecutor::new());
                let _ = http.serve_connection(TokioIo::new(socket), service).await;
            });
        }
    });
    format!("http://{address}")
}

async fn app(endpoint: String, secret: &str) -> App {
    let mut config = config();
    let storage = &mut config.storage;
    storage.bucket = Some(BUCKET.into());
    storage.endpoint = Some(endpoint);
    storage.region = Some("fr-par".into());
    storage.access_key_id = Some("somebody".into());
    storage.secret_access_key = Some(secret.into());
    app_with(config).await
}

/// What the bucket's objects hold, metadata of the service aside.
fn objects(root: &Path) -> Vec<Vec<u8>> {
    let mut found = vec![];
    let mut folders = vec![root.join(BUCKET)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(fs::read(path).unwrap());
            }
        }
    }
    found
}

#[tokio::test]
async fn a_document_goes_into_the_bucket_comes_back_and_vanishes() {
    let (root, asked) = (TempDir::new().unwrap(), Asked::default());
    let app = app(observed(root.path(), Arc::clone(&asked)).await, SECRET).await;
    let house = app.house("Pharmacie des Lilas").await;
    // One small file, and one of several parts.
    let (staff, id, large) = large(&app, &house).await;

    let stored = objects(root.path());
    assert_eq!(stored.len(), 2);
    assert!(stored.iter().all(|object| !object.windows(5).any(|bytes| bytes == b"%PDF-")), "in clear");

    let mut browser = app.signed_in(&house, &[Role::Pharmacist]).await;
    let reply = browser.form(&format!("/api/v1/documents/{id}/download"), &[]).await;
    assert_eq!((reply.status, reply.body.len()), (200, large.len()));
    assert!(reply.body == large, "another content");

    documents::delete(&app.d, &staff, id).await.unwrap();
    app.minutes(1);
    jobs::run_due(&app.d).await.unwrap();
    assert_eq!(objects(root.path()).len(), 1);
    // The request for many deletions (`POST ?delete`) is one that some services lack.
    let deletions = asked.lock().unwrap().iter().filter(|line| line.starts_with("DELETE")).count();
    assert_eq!(deletions, 1, "{:?}", asked.lock().unwrap());
}

/// A document of several parts, beside a small one.
async fn large(app: &App, house: &House) -> (Staff, DocumentId, Vec<u8>) {
    let objects_of = app.objects(house).await;
    let staff = app.member(house, &[Role::Pharmacist]).await;
    let content = files::pdf("Compte rendu", 12 << 20);
    let schema = domain::db::Db::schema_of(house.id);
    app.alter(&format!("UPDATE {schema}.settings SET max_file_mebibytes = 20")).await;
    app.minutes(1);
    let id = app.receive(&staff, &objects_of.depositor, "compte-rendu.pdf", &content).await;
    (staff, id, content)
}

#[tokio::test]
async fn who_reads_slowly_gets_the_whole_document() {
    let root = TempDir::new().unwrap();
    let app = app(serve(root.path()).await, SECRET).await;
    let house = app.house("Pharmacie des Lilas").await;
    let (staff, id, large) = large(&app, &house).await;
    // A reader who pauses for longer than the service is waited for, after the last moment of a second attempt.
    let second = Duration::from_secs(1);
    let hasty = Patience { connect: second, silence: second, attempts: second };
    let node = app.node_on(s3::open_with(hasty, &app.config.storage, BUCKET).unwrap());
    let mut content = documents::download(&node, &staff, id).await.unwrap().content;
    let mut read = vec![0; 1 << 20];
    for at in 1..=2 {
        content.read_exact(&mut read[(at - 1) << 19..at << 19]).await.unwrap();
        tokio::time::sleep(second * 3 / 2).await;
    }
    content.read_to_end(&mut read).await.unwrap();
    assert!(read == large, "another content");
}

#[tokio::test]
async fn a_service_that_refuses_is_an_incident_and_leaves_no_row() {
    let root = TempDir::new().unwrap();
    let app = app(serve(root.path()).await, "another").await;
    assert!(app.d.vault.check_store().await.is_err(), "readiness must say so");
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.member(&house, &[Role::Pharmacist]).await;
    let link = app.code(&staff, 1).await.secret.unwrap().link.rsplit('/').next().unwrap().parse().unwrap();
    let depositor = codes::follow(&app.d, staff.origin, house.id, &link).await.unwrap();
    let incoming = Incoming {
        name: "radio.jpg",
        declared_type: None,
        idempotency_key: "a-key-of-its-own",
        declared_size: None,
    };
    let body = stream::iter([Ok::<_, Infallible>(Bytes::from_static(files::JPEG))]);
    let refused = documents::receive(&app.d, &depositor, incoming, body).await;
    assert!(matches!(refused, Err(ReceiveError::Fault(_))));
    let rows = format!("SELECT count(*) FROM {}.documents", domain::db::Db::schema_of(house.id));
    assert_eq!((app.count(&rows).await, objects(root.path()).len()), (0, 0));
}
