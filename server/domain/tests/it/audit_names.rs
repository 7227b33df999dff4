//! The audit shows people by their name of today, finds them by it, and proves which names they had before.

use domain::{Admin, audit, identity, members};
use model::{
    account::{FullName, Profile},
    audit::{AuditEntry, AuditQuery},
    ids::UserId,
    members::NewMember,
    roles::Role,
    time::Language,
};

use crate::support::{App, House, NURSE, app, nurse_with_a_place, origin, psc::person};

const WORDS: audit::Words = audit::Words { head: ["colonne"; 14], missing: "encore {n}" };

impl App {
    async fn found(&self, admin: &Admin, search: &str) -> Vec<AuditEntry> {
        let query = AuditQuery { search: Some(search.parse().unwrap()), ..AuditQuery::default() };
        audit::list(&self.d, admin, &query).await.unwrap().items
    }

    /// A nurse called Sophie Modèle.
    async fn sophie(&self, house: &House) -> UserId {
        let new = NewMember {
            given_name: "Sophie".parse().unwrap(),
            family_name: "Modèle".parse().unwrap(),
            ..crate::support::new_member("sophie@exemple.fr", &[Role::Nurse])
        };
        let operator = domain::PlatformAdmin::operator();
        members::create_user(&self.d, &operator, &new, Some(house.id), false).await.unwrap()
    }

    /// A row as another version, or a fault, would leave it.
    async fn row(&self, house: &House, kind: &str, object: &str) {
        self.alter(&format!(
            "INSERT INTO {}.audit (at, actor_kind, action, object_kind, object_id, outcome)
             VALUES (now(), 'system', 'members.strange', '{kind}', {object}, 'done')",
            house.schema()
        ))
        .await;
    }
}

/// `CAMILLE → SOPHIE` and whose name it is, newest first.
fn renames(entries: &[AuditEntry]) -> Vec<(Option<&str>, Option<&str>)> {
    let renames = entries.iter().filter(|entry| entry.action == "members.rename");
    renames.map(|entry| (entry.detail.as_deref(), entry.object_name.as_deref())).collect()
}

#[tokio::test]
async fn a_person_to_whom_something_was_done_is_shown_and_found_by_name() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let admin = app.admin(&house).await;
    let sophie = app.sophie(&house).await;
    members::disable(&app.d, &admin, sophie).await.unwrap();
    let found = app.found(&admin, "modele").await;
    let shown: Vec<_> =
        found.iter().map(|entry| (entry.action.as_str(), entry.object_name.as_deref())).collect();
    assert_eq!(shown, [("members.disable", Some("Sophie Modèle")), ("members.add", Some("Sophie Modèle"))]);
    assert_eq!(
        (found[0].actor.as_str(), found[0].object_id.clone()),
        ("Camille Fictif", Some(sophie.to_string()))
    );

    // The export keeps the id beside the name, and finds the same rows.
    let query = AuditQuery { search: Some("modele".parse().unwrap()), ..AuditQuery::default() };
    let csv = audit::export(&app.d, &admin, &query, &WORDS).await.unwrap();
    assert_eq!(csv.matches(&format!("\"user\",\"{sophie}\",\"Sophie Modèle\"")).count(), 2, "{csv}");
    assert_eq!(csv.lines().count(), 3, "{csv}");
}

#[tokio::test]
async fn who_is_not_known_and_what_is_no_person_have_no_name() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let admin = app.admin(&house).await;
    let sophie = app.sophie(&house).await;
    app.row(&house, "user", "gen_random_uuid()").await;
    app.row(&house, "document", &format!("'{sophie}'")).await;
    let strange = app.found(&admin, "members.strange").await;
    assert_eq!(strange.len(), 2);
    assert!(strange.iter().all(|entry| entry.object_name.is_none() && entry.object_id.is_some()));
    let total = AuditQuery::default();
    let all = audit::list(&app.d, &admin, &total).await.unwrap();
    assert_eq!(all.total, u64::try_from(all.items.len()).unwrap(), "no row twice, none lost");
}

#[tokio::test]
async fn another_name_from_pro_sante_connect_says_from_what_to_what() {
    let (app, house) = nurse_with_a_place().await;
    let admin = app.admin(&house).await;
    app.psc.is(person(NURSE, "SOPHIE", "MODÈLE", &[("60", 1)]));
    app.arrive().await;
    // Once: the same name again is no change.
    app.arrive().await;
    let found = app.found(&admin, "sophie").await;
    assert_eq!(renames(&found), [(Some("CAMILLE EXEMPLE → SOPHIE MODÈLE"), Some("SOPHIE MODÈLE"))]);
    assert_eq!(found[0].actor, "SOPHIE MODÈLE");
}

#[tokio::test]
async fn ones_own_change_of_name_says_from_what_to_what_wherever_one_works() {
    let app = app().await;
    let (here, there) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let (_, email) = app.person(&here, &[Role::Pharmacist]).await;
    app.joins(&there, &email, Role::Nurse).await;
    let issued = app.sign_in(&email, Some(&here)).await;
    let who = identity::authenticate(&app.d, &issued.access, false).await.unwrap().unwrap();
    for (given, family) in [("Camille", "Démo"), ("Sophie", "Modèle")] {
        let name = FullName { given_name: given.parse().unwrap(), family_name: family.parse().unwrap() };
        let new = Profile { name: Some(name), language: Language::Fr };
        identity::change_profile(&app.d, &who, origin("192.0.2.1"), &new).await.unwrap();
    }
    for house in [here, there] {
        let admin = app.admin(&house).await;
        let found = app.found(&admin, "members.rename").await;
        let expected = ["Camille Démo → Sophie Modèle", "Camille Fictif → Camille Démo"];
        assert_eq!(renames(&found), expected.map(|detail| (Some(detail), Some("Sophie Modèle"))));
    }
}

#[tokio::test]
async fn who_stands_there_by_an_older_name_comes_in_with_a_row_about_it() {
    let app = app().await;
    let (here, there) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let (user, email) = app.person(&here, &[Role::Nurse]).await;
    // Their first coming broke off after the name.
    app.alter(&format!(
        "INSERT INTO {}.staff (id, display_name, search_text, active) VALUES ('{user}', 'Camille Démo', 'camille demo', false)",
        there.schema()
    ))
    .await;
    app.joins(&there, &email, Role::Nurse).await;
    let admin = app.admin(&there).await;
    let found = app.found(&admin, "members.rename").await;
    assert_eq!(renames(&found), [(Some("Camille Démo → Camille Fictif"), Some("Camille Fictif"))]);
    let active = format!("SELECT count(*) FROM {}.staff WHERE id = '{user}' AND active", there.schema());
    assert_eq!(app.count(&active).await, 1);
}
