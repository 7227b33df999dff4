//! What the operator does with establishments: suspended ones are closed but whole, room is given and never oversold.

use domain::{PlatformAdmin, documents::ReceiveError, establishments, identity};

use crate::support::{DEVICE, PASSWORD, app, credentials, files, new_member, origin};
use model::roles::Role;

const OPERATOR: PlatformAdmin = PlatformAdmin::operator();

#[tokio::test]
async fn a_suspended_establishment_is_closed_to_everybody_and_loses_nothing() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    app.document(&house, &staff, "a.png", files::PNG).await;
    let new = new_member("camille@exemple.fr", &[Role::Pharmacist]);
    domain::members::create_user(&app.d, &OPERATOR, &new, Some(house.id), false).await.unwrap();
    let issued = app.sign_in("camille@exemple.fr", Some(&house)).await;

    let place = &establishments::list(&app.d, &OPERATOR).await.unwrap()[0];
    assert_eq!(place.status, "active");
    let slug = place.card.slug.clone();
    let why = "impayé".parse().unwrap();
    assert!(establishments::suspend(&app.d, &OPERATOR, house.id, &why).await.unwrap());
    assert!(!establishments::suspend(&app.d, &OPERATOR, house.id, &why).await.unwrap(), "once");

    assert!(establishments::by_slug(&app.d, &slug).await.unwrap().is_none(), "patients don't find it");
    assert_eq!(
        establishments::id_of(&app.d, &OPERATOR, &slug).await.unwrap(),
        Some(house.id),
        "the operator does"
    );
    app.advance(jiff::SignedDuration::from_secs(10));
    assert!(identity::authenticate(&app.d, &issued.access, false).await.unwrap().is_none(), "sessions end");
    let again = identity::sign_in(
        &app.d,
        origin("192.0.2.1"),
        DEVICE,
        &credentials("camille@exemple.fr", PASSWORD, None),
    )
    .await;
    assert!(matches!(again, Err(identity::SignInError::NoEstablishment)), "nobody signs in");

    assert!(establishments::resume(&app.d, &OPERATOR, house.id).await.unwrap());
    assert!(establishments::by_slug(&app.d, &slug).await.unwrap().is_some());
    app.sign_in("camille@exemple.fr", Some(&house)).await;
    let schema = house.schema();
    assert_eq!(app.count(&format!("SELECT count(*) FROM {schema}.documents")).await, 1);
    let acts = "SELECT count(*) FROM control.audit WHERE action IN ('establishments.suspend', 'establishments.resume')";
    assert_eq!(app.count(acts).await, 2);
}

#[tokio::test]
async fn two_files_that_come_at_once_never_share_the_last_room() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    establishments::give_room(&app.d, &OPERATOR, house.id, 1.try_into().unwrap()).await.unwrap();
    let large = files::pdf("x", 400_000);
    let mut sent = Vec::new();
    for _ in 0..4 {
        let code = app.code(&staff).await;
        let visitor = app.visitor(&house, &code).await;
        sent.push((visitor, large.clone()));
    }
    let outcomes = futures_util::future::join_all(
        sent.iter().map(|(visitor, file)| app.deposit(visitor, "a.pdf", file)),
    )
    .await;
    let (kept, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(kept.len(), 2, "two of 400 kB fit into 1 MiB");
    assert!(refused.iter().all(|outcome| matches!(outcome, Err(ReceiveError::NoRoom))));

    let admin = app.admin(&house).await;
    let room = establishments::read_room(&app.d, &admin).await.unwrap();
    assert_eq!((room.used, room.total), (2 * large.len() as u64, 1 << 20));
    assert_eq!(app.blobs().len(), 2, "nothing is left of the refused ones");
}
