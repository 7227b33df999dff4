//! What patients are told about their data follows what the establishment's administrators set, and nobody overwrites it
//! unseen.

use model::roles::Role;
use serde_json::json;

use crate::support::{Browser, app};

#[tokio::test]
async fn the_notice_names_the_basis_that_the_administrators_chose() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let mut admin = app.signed_in(&house, &[Role::Administrator]).await;
    let mut patient = Browser::new(&app);
    patient.get(&format!("/d/{}/{}", objects.slug, objects.link)).await;
    for (basis, told) in
        [("public_interest", "6.1.e"), ("legal_obligation", "6.1.c"), ("legitimate_interest", "6.1.f")]
    {
        let mut settings = admin.get("/api/v1/settings").await.json();
        settings["legal_basis"] = json!(basis);
        let changed = admin.json("/api/v1/settings/change", json!({ "settings": settings })).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        let page = patient.get(&format!("/d/{}/deposit", objects.slug)).await.text();
        let bases: Vec<_> =
            ["6.1.c", "6.1.e", "6.1.f"].into_iter().filter(|one| page.contains(one)).collect();
        assert_eq!(bases, [told]);
        // The same again is a state that is over.
        let late = admin.json("/api/v1/settings/change", json!({ "settings": settings })).await;
        assert_eq!((late.status, late.json()["kind"]["name"].clone()), (409, json!("changed_meanwhile")));
        app.seconds(4);
    }
    // Nothing is reset because a program leaves it out.
    let mut settings = admin.get("/api/v1/settings").await.json();
    settings.as_object_mut().unwrap().remove("legal_basis");
    let short = admin.json("/api/v1/settings/change", json!({ "settings": settings })).await;
    assert!((400..500).contains(&short.status), "{}", short.status);
}
