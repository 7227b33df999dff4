//! Every act leaves exactly one row, and so does every refusal.

use std::fmt::Debug;

use domain::{
    Admin, PlatformAdmin, audit, codes, documents, establishments,
    identity::{
        self, SignedIn,
        psc::{self, Came},
    },
    members,
};
use futures_util::future::join_all;
use jiff::SignedDuration;
use model::{
    audit::AuditQuery,
    documents::{BulkAct, RetentionChange},
    identity::{Password, Transport},
    list::Page,
    roles::Role,
};

use crate::support::{
    App, DEVICE, House, PASSWORD, app, chosen, credentials, files, invite, new_code, new_member, origin,
};

const WORDS: audit::Words = audit::Words { head: ["colonne"; 14], missing: "encore {n}" };

struct Books<'a> {
    app: &'a App,
    house: &'a House,
}

impl Books<'_> {
    /// Rows of the establishment's audit and of the platform's, for an action and in all.
    async fn rows(&self, action: &str) -> [i64; 4] {
        let mut rows = [0; 4];
        for (n, table) in
            [format!("{}.audit", self.house.schema()), "control.audit".to_owned()].iter().enumerate()
        {
            rows[n] =
                self.app.count(&format!("SELECT count(*) FROM {table} WHERE action = '{action}'")).await;
            rows[n + 2] = self.app.count(&format!("SELECT count(*) FROM {table}")).await;
        }
        rows
    }

    /// Expects so many rows in the establishment's audit and in the platform's, and none of another action.
    async fn expect<T, E: Debug>(
        &self,
        action: &str,
        rows: [i64; 2],
        act: impl Future<Output = Result<T, E>>,
    ) -> T {
        let before = self.rows(action).await;
        let done = act.await.unwrap_or_else(|error| panic!("{action}: {error:?}"));
        let after = self.rows(action).await;
        let [tenant, control] = rows;
        let more = [0, 1, 2, 3].map(|n| after[n] - before[n]);
        assert_eq!(more, [tenant, control, tenant, control], "{action}");
        done
    }

    async fn here<T, E: Debug>(&self, action: &str, act: impl Future<Output = Result<T, E>>) -> T {
        self.expect(action, [1, 0], act).await
    }

    async fn platform<T, E: Debug>(&self, action: &str, act: impl Future<Output = Result<T, E>>) -> T {
        self.expect(action, [0, 1], act).await
    }
}

#[tokio::test]
async fn every_act_on_codes_and_documents_leaves_one_row() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let books = Books { app: &app, house: &house };
    let d = &app.d;
    let code = books.here("codes.generate", codes::generate(d, &staff, &new_code())).await;
    let id = code.summary.id;
    books.here("codes.show", codes::show(d, &staff, id)).await;
    books.here("codes.extend", codes::extend(d, &staff, id, 120.try_into().unwrap())).await;

    let visitor = app.visitor(&house, &code).await;
    books.here("documents.receive", app.deposit_as(&visitor, "cle-00000001", "a.png", files::PNG)).await;
    // The same file again is no act.
    books
        .expect("documents.receive", [0, 0], app.deposit_as(&visitor, "cle-00000001", "a.png", files::PNG))
        .await;
    let first = app.newest(&staff).await;
    books.here("documents.open", documents::open(d, &staff, first)).await;
    books.here("documents.open", documents::open(d, &staff, first)).await;
    books.here("documents.download", documents::download(d, &staff, first)).await;
    books.here("documents.done", documents::mark_done(d, &staff, first, true)).await;
    books.here("documents.reopen", documents::mark_done(d, &staff, first, false)).await;
    books.here("documents.unseen", documents::mark_unseen(d, &staff, first)).await;
    let shorten = RetentionChange::Shorten { days: 5.try_into().unwrap() };
    books.here("documents.shorten", documents::change_retention(d, &staff, first, &shorten)).await;
    let hold = RetentionChange::Hold { reason: "contrôle".parse().unwrap() };
    books.here("documents.hold", documents::change_retention(d, &staff, first, &hold)).await;
    books
        .here("documents.release", documents::change_retention(d, &staff, first, &RetentionChange::Release))
        .await;
    books.here("documents.delete", documents::delete(d, &staff, first)).await;
    books.here("documents.undelete", documents::undo(d, &staff, first)).await;
    books.here("documents.close_deposit", documents::close(d, &visitor)).await;

    documents::delete(d, &staff, first).await.unwrap();
    app.advance(SignedDuration::from_secs(10));
    books
        .here("documents.erase", async {
            app.jobs().await;
            Ok::<_, ()>(())
        })
        .await;
    books.here("codes.revoke", codes::revoke(d, &staff, id)).await;

    let (one, _) = app.document(&house, &staff, "a.png", files::PNG).await;
    let (two, withdrawing) = app.document(&house, &staff, "b.png", files::PNG).await;
    books
        .expect("documents.done", [2, 0], documents::bulk(d, &staff, &chosen(&[one, two]), BulkAct::Done))
        .await;
    books.here("documents.withdraw", documents::withdraw(d, &withdrawing)).await;
    app.advance(SignedDuration::from_hours(24 * 31));
    books
        .here("documents.expire", async {
            app.jobs().await;
            Ok::<_, ()>(())
        })
        .await;

    // What the row says.
    let (kind, roles, address): (String, Vec<String>, String) = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT actor_kind, roles, host(address) FROM {}.audit WHERE action = 'documents.download'",
        house.schema()
    )))
    .fetch_one(&mut app.look().await)
    .await
    .unwrap();
    assert_eq!(
        (kind.as_str(), roles, address.as_str()),
        ("staff", vec!["pharmacist".to_owned()], "192.0.2.10")
    );
}

#[tokio::test]
async fn every_act_on_people_settings_and_the_audit_leaves_its_rows() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let admin = app.admin(&house).await;
    let books = Books { app: &app, house: &house };
    let d = &app.d;
    let user = app.person(&house, &[Role::Nurse]).await.0;
    let new = invite("nouvelle@exemple.fr");
    let invited = books.expect("members.invite", [1, 1], members::invite(d, &admin, &new)).await;
    books.expect("members.invite_again", [1, 1], members::invite_again(d, &admin, invited)).await;
    books
        .expect("members.withdraw_invitation", [1, 1], members::withdraw_invitation(d, &admin, invited))
        .await;
    // A number that every page asks for is nobody's data.
    books.expect("members.requests_waiting", [0, 0], members::requests_waiting(d, &admin)).await;
    // A membership lies in `control`, the establishment's administrators read their own audit: one row in each.
    let roles = vec![Role::Secretary].into();
    books.expect("members.change_roles", [1, 1], members::change_roles(d, &admin, user, &roles)).await;
    books.expect("members.disable", [1, 1], members::disable(d, &admin, user)).await;
    books.expect("members.enable", [1, 1], members::enable(d, &admin, user)).await;
    let settings = establishments::read_settings(d, &admin).await.unwrap();
    books.here("settings.change", establishments::change_settings(d, &admin, &settings)).await;
    // How people get in lies in `control` too.
    app.link(admin.staff().user).await;
    let (hours, why) = (2.try_into().unwrap(), "panne".parse().unwrap());
    books.expect("settings.psc_only", [1, 1], establishments::change_psc_only(d, &admin, true)).await;
    let open = establishments::open_fallback(d, &admin, hours, &why);
    books.expect("settings.open_fallback", [1, 1], open).await;
    books.expect("settings.close_fallback", [1, 1], establishments::close_fallback(d, &admin)).await;
    books.expect("settings.psc_only", [1, 1], establishments::change_psc_only(d, &admin, false)).await;
    books.here("audit.read", audit::list(d, &admin, &AuditQuery::default())).await;
    let next = AuditQuery { page: Page::new(2, 5), ..AuditQuery::default() };
    books.here("audit.read", audit::list(d, &admin, &next)).await;
    books.here("audit.export", audit::export(d, &admin, &AuditQuery::default(), &WORDS)).await;
    // What was refused for its content is no act.
    let before = [books.rows("members.change_roles").await, books.rows("members.withdraw_invitation").await];
    assert!(members::change_roles(d, &admin, admin.staff().user, &vec![Role::Nurse].into()).await.is_err());
    assert!(members::withdraw_invitation(d, &admin, invited).await.is_err());
    // Nor is what somebody else has done meanwhile.
    let twice = members::invite(d, &admin, &new).await.unwrap();
    let (one, other) = tokio::join!(
        members::withdraw_invitation(d, &admin, twice),
        members::withdraw_invitation(d, &admin, twice)
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let after = [books.rows("members.change_roles").await, books.rows("members.withdraw_invitation").await];
    assert_eq!(after[0][..2], before[0][..2]);
    assert_eq!(after[1][..2], before[1].map(|rows| rows + 1)[..2]);
}

#[tokio::test]
async fn every_act_of_a_session_and_of_the_platform_leaves_one_row() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let other = app.house("SSIAD du Canal").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    app.joins(&other, &email, Role::Nurse).await;
    let books = Books { app: &app, house: &house };
    let (d, from) = (&app.d, origin("192.0.2.1"));
    let with = credentials(&email, PASSWORD, Some(house.id));
    let signed_in = books.platform("identity.sign_in", identity::sign_in(d, from, DEVICE, &with)).await;
    let SignedIn::Open(_, issued) = signed_in else { panic!() };
    let me = identity::authenticate_id(d, issued.session, false).await.unwrap().unwrap();
    let wrong = Password::new("faux faux faux");
    let refused = async {
        assert!(identity::change_password(d, &me, from, &wrong, &wrong).await.is_err());
        Ok::<_, ()>(())
    };
    books.platform("identity.change_password", refused).await;
    let elsewhere = app.house("Ailleurs").await;
    let refused = async {
        let with = credentials(&email, PASSWORD, Some(elsewhere.id));
        assert!(identity::sign_in(d, from, DEVICE, &with).await.is_err());
        Ok::<_, ()>(())
    };
    books.platform("identity.sign_in", refused).await;
    let (old, new) = (Password::new(PASSWORD), Password::new("quatre voiles blanches"));
    let change = identity::change_password(d, &me, from, &old, &new);
    books.platform("identity.change_password", change).await;
    let switch =
        identity::switch(d, &me, from, other.id, identity::Device { transport: Transport::Bearer, ..DEVICE });
    let (_, issued) = books.platform("identity.switch", switch).await;
    let me = identity::authenticate_id(d, issued.session, false).await.unwrap().unwrap();
    books.platform("identity.end_other_sessions", identity::end_other_sessions(d, &me, from)).await;
    let again =
        identity::sign_in(d, from, DEVICE, &credentials(&email, "quatre voiles blanches", Some(house.id)))
            .await;
    let Ok(SignedIn::Open(_, again)) = again else { panic!() };
    books.platform("identity.end_session", identity::end_session(d, &me, from, again.session)).await;
    books.platform("identity.sign_out", identity::sign_out(d, &me, from)).await;

    let nobody = PlatformAdmin::operator();
    let email = email.parse().unwrap();
    books.platform("members.reset_password", members::reset_password(d, &nobody, &email, &old)).await;
    let created = new_member("creee@exemple.fr", &[Role::Nurse]);
    let create = members::create_user(d, &nobody, &created, None, true);
    books.platform("members.create_user", create).await;
    let folder = app.folder.path().join("export");
    books.platform("establishments.export", establishments::export(d, &nobody, other.id, &folder)).await;
    books.platform("establishments.delete", establishments::delete(d, &nobody, other.id)).await;
    books.platform("establishments.import", establishments::import(d, &nobody, &folder)).await;
}

#[tokio::test]
async fn linking_leaves_its_row_and_establishments_are_told() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    let books = Books { app: &app, house: &house };
    let who = app.shown(&app.sign_in(&email, None).await).await;
    let visit = app.go_to_link(&who).await;
    let Came::Asks(token) = app.returned(&visit, Some(&who)).await.unwrap() else { panic!() };
    books.expect("identity.psc_link", [0, 0], psc::link_offer(&app.d, &who, &token)).await;
    let actions = ["identity.psc_link", "members.psc_link", "members.rename"];
    let rows = async || join_all(actions.map(|action| books.rows(action))).await;
    let before = rows().await;
    let confirmed = psc::confirm_link(&app.d, origin("192.0.2.1"), DEVICE, &who, &token).await;
    confirmed.map(drop).unwrap();
    let more: Vec<_> = rows()
        .await
        .iter()
        .zip(&before)
        .map(|(after, before)| [0, 1, 2, 3].map(|n| after[n] - before[n]))
        .collect();
    // In the platform's audit who linked; in the establishment's that they are recognised, and by another name.
    assert_eq!(more, [[0, 1, 2, 1], [1, 0, 2, 1], [1, 0, 2, 1]]);
}

#[tokio::test]
async fn an_act_that_fails_leaves_no_row() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let (id, _) = app.document(&house, &staff, "a.png", files::PNG).await;
    // The queue is gone: the last statement of the transaction fails.
    app.alter("ALTER TABLE queue.outbox RENAME TO away").await;
    let books = Books { app: &app, house: &house };
    let before = books.rows("documents.delete").await;
    assert!(documents::delete(&app.d, &staff, id).await.is_err());
    assert!(documents::mark_done(&app.d, &staff, id, true).await.is_err());
    assert_eq!(books.rows("documents.delete").await, before);
    let changed = format!(
        "SELECT count(*) FROM {}.documents WHERE done_at IS NOT NULL OR deleting_since IS NOT NULL",
        house.schema()
    );
    assert_eq!(app.count(&changed).await, 0);
}

#[tokio::test]
async fn the_audit_is_filtered_paged_and_exported() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (staff, admin) = (app.pharmacist(&house).await, app.admin(&house).await);
    for _ in 0..3 {
        app.code(&staff).await;
    }
    let stranger = Admin::of(&app.d, staff.clone(), "audit.read").await;
    assert!(matches!(stranger, Err(domain::Refused::Forbidden)));
    let query =
        AuditQuery { capability: Some("codes".into()), page: Page::new(1, 2), ..AuditQuery::default() };
    let page = audit::list(&app.d, &admin, &query).await.unwrap();
    assert_eq!((page.total, page.items.len()), (3, 2));
    assert_eq!((page.items[0].action.as_str(), page.items[0].outcome.as_str()), ("codes.generate", "done"));
    assert_eq!(page.items[0].actor, "Camille Fictif");
    let past_the_end = AuditQuery { page: Page::new(9, 2), ..query.clone() };
    assert_eq!(audit::list(&app.d, &admin, &past_the_end).await.unwrap().total, 3);
    let search = AuditQuery { search: Some("audit.read".parse().unwrap()), ..AuditQuery::default() };
    let refused = audit::list(&app.d, &admin, &search).await.unwrap();
    assert!(refused.items.iter().any(|entry| entry.outcome == "refused"));
    let csv = audit::export(&app.d, &admin, &query, &WORDS).await.unwrap();
    assert_eq!(csv.lines().count(), 4, "{csv}");
    assert!(csv.lines().next().unwrap().ends_with("\"colonne\""), "{csv}");
    let first = csv.lines().nth(1).unwrap();
    let fields: Vec<&str> = first.split("\",\"").collect();
    assert!(fields[1].ends_with('Z') && fields[1].parse::<jiff::Timestamp>().is_ok(), "{first}");
    assert_eq!(fields[4], staff.session.to_string(), "{first}");
}
