//! temporary
use model::roles::Role;
use crate::support::app;
async fn hammer(path: &'static str) {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.signed_in(&house, &[Role::Pharmacist, Role::Administrator]).await;
    let (mut hung, started) = (0, std::time::Instant::now());
    let mut n = 0;
    while started.elapsed().as_secs() < 60 {
        let mut browser = staff.clone();
        n += 1;
        if tokio::time::timeout(std::time::Duration::from_secs(8), browser.get(path)).await.is_err() { hung += 1; }
    }
    println!("HAMMER {path}: {hung} of {n}");
}
#[tokio::test] async fn hang_portal() { hammer("/portal").await; }
#[tokio::test] async fn hang_account() { hammer("/portal/account").await; }
#[tokio::test] async fn hang_documents() { hammer("/portal/documents").await; }
#[tokio::test] async fn hang_codes() { hammer("/portal/codes").await; }
#[tokio::test] async fn hang_signin() { hammer("/portal/sign-in").await; }
#[tokio::test] async fn hang_new() { hammer("/portal/codes/new").await; }
#[tokio::test] async fn hang_list() { hammer("/api/v1/documents?query[page][number]=1").await; }
#[tokio::test(flavor="multi_thread", worker_threads=3)] async fn hang_multi_portal() { hammer("/portal").await; }
