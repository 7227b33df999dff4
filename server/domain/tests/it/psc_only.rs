//! An establishment that lets people in with Pro Santé Connect only, and its local fallback.

use std::sync::Arc;

use domain::{
    Admin, PlatformAdmin,
    establishments::{self, PscOnlyError},
    identity::{self, Identified, IdentityPolicy, Issued, RefreshError, SignInError, SignedIn, SwitchError},
    members::{self, ChangeError},
};
use jiff::SignedDuration;
use model::{
    psc_only::FallbackHours,
    roles::{Role, Roles},
    text::Reason,
};

use crate::{
    factors,
    support::{App, DEVICE, House, Node, PASSWORD, app, app_with, credentials, nurse_with_a_place, origin},
};

const STEP: SignedDuration = SignedDuration::from_secs(30);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const OPERATOR: PlatformAdmin = PlatformAdmin::operator();

fn hours(n: u32) -> FallbackHours {
    n.try_into().unwrap()
}

fn why() -> Reason {
    "Pro Santé Connect en panne".parse().unwrap()
}

/// An establishment with an administrator whom Pro Santé Connect recognises, and a nurse with a local account only.
struct Ward {
    app: App,
    house: House,
    admin: Admin,
    nurse: String,
}

async fn ward() -> Ward {
    let app = app().await;
    let house = app.house("SSIAD du Canal").await;
    let admin = app.admin(&house).await;
    app.link(admin.staff().user).await;
    let (_, nurse) = app.person(&house, &[Role::Nurse]).await;
    Ward { app, house, admin, nurse }
}

impl Ward {
    async fn require(&self) {
        establishments::change_psc_only(&self.app.d, &self.admin, true).await.unwrap();
    }

    async fn fallback(&self, n: u32) {
        establishments::open_fallback(&self.app.d, &self.admin, hours(n), &why()).await.unwrap();
    }

    async fn sign_in(&self, house: Option<&House>) -> Result<SignedIn, SignInError> {
        let with = credentials(&self.nurse, PASSWORD, house.map(|house| house.id));
        identity::sign_in(&self.app.d, origin("192.0.2.1"), DEVICE, &with).await
    }

    async fn refused(&self) -> bool {
        matches!(self.sign_in(Some(&self.house)).await, Err(SignInError::PscOnly))
    }

    async fn session(&self) -> Issued {
        self.app.sign_in(&self.nurse, Some(&self.house)).await
    }

    async fn who(&self, issued: &Issued) -> Option<Arc<Identified>> {
        self.app.who(issued).await
    }

    /// Rows of an act in the establishment's audit and in the platform's, which say this.
    async fn rows(&self, action: &str, outcome: &str, reason: &str, detail: &str) -> (i64, i64) {
        let said = |column: &str, text: &str| {
            if text.is_empty() { format!("{column} IS NULL") } else { format!("{column} = '{text}'") }
        };
        let rows = async |table: &str| {
            let sql = format!(
                "SELECT count(*) FROM {table} WHERE action = '{action}' AND outcome = '{outcome}' AND {} AND {}",
                said("reason", reason),
                said("detail", detail)
            );
            self.app.count(&sql).await
        };
        (rows(&format!("{}.audit", self.house.schema())).await, rows("control.audit").await)
    }
}

#[tokio::test]
async fn a_local_account_opens_no_session_and_is_told_so_only_with_its_password() {
    let ward = ward().await;
    ward.require().await;
    assert!(ward.refused().await);
    assert!(matches!(ward.sign_in(None).await, Err(SignInError::PscOnly)), "the only one that they have");
    assert_eq!(ward.app.sessions().await, 0);
    assert_eq!(ward.rows("identity.sign_in", "refused", "psc_only", "").await, (0, 2));
    let wrong = credentials(&ward.nurse, "faux faux faux", Some(ward.house.id));
    let wrong = identity::sign_in(&ward.app.d, origin("192.0.2.1"), DEVICE, &wrong).await;
    assert!(matches!(wrong, Err(SignInError::Wrong)), "nothing is told before");
    assert_eq!(ward.rows("settings.psc_only", "done", "", "off → on").await, (1, 1));
    // And back.
    establishments::change_psc_only(&ward.app.d, &ward.admin, false).await.unwrap();
    assert!(ward.who(&ward.session().await).await.is_some());
    assert_eq!(ward.rows("settings.psc_only", "done", "", "on → off").await, (1, 1));
}

#[tokio::test]
async fn who_comes_with_the_provider_is_let_in() {
    let (app, house) = nurse_with_a_place().await;
    let admin = app.admin(&house).await;
    app.link(admin.staff().user).await;
    let before = app.arrive().await;
    establishments::change_psc_only(&app.d, &admin, true).await.unwrap();
    assert!(app.who(&before).await.is_some(), "and stays");
    let who = app.who(&app.arrive().await).await.unwrap();
    assert_eq!(who.establishment, Some(house.id));
    assert!(who.staff(origin("192.0.2.1")).is_some());
}

#[tokio::test]
async fn a_session_that_is_open_ends_within_five_seconds_on_every_node_and_never_comes_back() {
    let ward = ward().await;
    let other = ward.app.node(Node::default());
    let issued = ward.session().await;
    let elsewhere = ward.app.house("Pharmacie des Lilas").await;
    let (_, stays) = ward.app.person(&elsewhere, &[Role::Nurse]).await;
    let stays = ward.app.sign_in(&stays, None).await;
    assert!(identity::authenticate_id(&other, issued.session, false).await.unwrap().is_some());
    ward.require().await;
    assert!(ward.who(&issued).await.is_none(), "at once where it was switched");
    ward.app.advance(SignedDuration::from_secs(4));
    assert!(identity::authenticate_id(&other, issued.session, false).await.unwrap().is_none());
    let again = identity::refresh(&ward.app.d, &issued.refresh, origin("192.0.2.1"), true).await;
    assert!(matches!(again, Err(RefreshError::NoSession)));
    assert!(ward.who(&stays).await.is_some(), "another establishment's goes on");
    establishments::change_psc_only(&ward.app.d, &ward.admin, false).await.unwrap();
    ward.app.advance(SignedDuration::from_secs(4));
    assert!(ward.who(&issued).await.is_none(), "its end is for good");
}

#[tokio::test]
async fn a_session_that_slipped_in_while_the_door_closed_is_nobodys_then_and_later() {
    let ward = ward().await;
    let issued = ward.session().await;
    // As if it had been opened by a transaction that the change did not see.
    ward.require().await;
    ward.app.alter("UPDATE control.sessions SET revoked_at = NULL, revoked_reason = NULL").await;
    assert!(ward.who(&issued).await.is_none());
    let again = identity::refresh(&ward.app.d, &issued.refresh, origin("192.0.2.1"), true).await;
    assert!(matches!(again, Err(RefreshError::NoSession)));
    ward.fallback(1).await;
    assert!(ward.who(&issued).await.is_none(), "the fallback is no way back for it");
}

#[tokio::test]
async fn other_establishments_of_the_same_person_are_open_and_the_switch_is_not() {
    let ward = ward().await;
    let other = ward.app.house("Pharmacie des Lilas").await;
    ward.app.joins(&other, &ward.nurse, Role::Secretary).await;
    ward.require().await;
    let Ok(SignedIn::Choose(places)) = ward.sign_in(None).await else { panic!("both are offered") };
    assert_eq!(places.len(), 2);
    assert!(ward.refused().await);
    let issued = ward.app.sign_in(&ward.nurse, Some(&other)).await;
    let who = ward.who(&issued).await.unwrap();
    let to = ward.house.id;
    let switched = identity::switch(&ward.app.d, &who, origin("192.0.2.1"), to, DEVICE).await;
    assert!(matches!(switched, Err(SwitchError::PscOnly)));
    assert!(ward.who(&issued).await.is_some(), "and the session stays where it was");
    assert_eq!(ward.rows("identity.switch", "refused", "psc_only", "").await, (0, 1));
    ward.fallback(2).await;
    let (_, moved) = identity::switch(&ward.app.d, &who, origin("192.0.2.1"), to, DEVICE).await.unwrap();
    assert_eq!(moved.ends_at, ward.app.clock.now() + HOUR * 2);
    assert_eq!(ward.rows("identity.switch", "done", "", "local fallback").await, (0, 1));
}

#[tokio::test]
async fn the_fallback_lets_everybody_in_for_its_hours_and_no_session_outlives_it() {
    let ward = ward().await;
    ward.require().await;
    ward.fallback(2).await;
    let end = ward.app.clock.now() + HOUR * 2;
    ward.app.advance(SignedDuration::from_mins(100));
    let issued = ward.session().await;
    assert_eq!(issued.ends_at, end, "not four hours");
    assert_eq!(ward.rows("settings.open_fallback", "done", why().as_ref(), "2 h").await, (1, 1));
    assert_eq!(ward.rows("identity.sign_in", "done", "", "local fallback").await, (0, 1));
    let seen = establishments::read_psc_only(&ward.app.d, &ward.admin).await.unwrap();
    let open = seen.fallback.unwrap();
    assert_eq!((open.until.unix_ms, open.reason.as_str()), (end.as_millisecond(), why().as_ref()));
    assert_eq!((seen.on, seen.configured, seen.administrators, seen.local_only), (true, true, 1, 1));
    // A second one is no way to prolong the first.
    let longer = establishments::open_fallback(&ward.app.d, &ward.admin, hours(24), &why()).await;
    assert!(matches!(longer, Err(PscOnlyError::Changed)));
    ward.app.advance(SignedDuration::from_mins(19));
    let renewed = identity::refresh(&ward.app.d, &issued.refresh, origin("192.0.2.1"), true).await.unwrap();
    assert!(ward.who(&renewed).await.is_some());
    ward.app.advance(SignedDuration::from_mins(1));
    assert!(ward.who(&renewed).await.is_none(), "to the minute");
    assert!(ward.refused().await);
    let seen = establishments::read_psc_only(&ward.app.d, &ward.admin).await.unwrap();
    assert_eq!(seen.fallback, None);
}

#[tokio::test]
async fn a_fallback_that_is_closed_early_ends_what_was_opened_under_it() {
    let ward = ward().await;
    let nothing = establishments::close_fallback(&ward.app.d, &ward.admin).await;
    assert!(matches!(nothing, Err(PscOnlyError::Changed)));
    let nothing = establishments::open_fallback(&ward.app.d, &ward.admin, hours(1), &why()).await;
    assert!(matches!(nothing, Err(PscOnlyError::Changed)), "where nothing is closed there is no fallback");
    ward.require().await;
    ward.fallback(24).await;
    let issued = ward.session().await;
    ward.app.advance(SignedDuration::from_mins(5));
    establishments::close_fallback(&ward.app.d, &ward.admin).await.unwrap();
    assert!(ward.who(&issued).await.is_none());
    assert!(ward.refused().await);
    assert_eq!(ward.rows("settings.close_fallback", "done", why().as_ref(), "0:05 h").await, (1, 1));
}

#[tokio::test]
async fn with_a_second_factor_the_answer_comes_after_it() {
    let p = factors::nurse(true).await;
    let (phone, _, _) = p.enrol(&p.session().await).await;
    p.app.alter("UPDATE control.establishments SET psc_only = true").await;
    p.app.advance(STEP);
    let ticket = p.ticket().await;
    assert!(matches!(p.show(&ticket, &phone.answer(&p.app)).await, Err(SignInError::PscOnly)));
    assert_eq!(p.rows("identity.sign_in", "refused").await, 1);
    p.app.advance(STEP);
    let again = p.show(&ticket, &phone.answer(&p.app)).await;
    assert!(matches!(again, Err(SignInError::Expired)), "that sign-in is over");
    establishments::operator_opens_fallback(&p.app.d, &OPERATOR, p.house.id, hours(1), &why()).await.unwrap();
    let end = p.app.clock.now() + HOUR;
    let ticket = p.ticket().await;
    p.app.advance(STEP);
    let issued = p.show(&ticket, &phone.answer(&p.app)).await.unwrap();
    assert_eq!(issued.ends_at, end);
    let told = "SELECT count(*) FROM control.audit WHERE action = 'identity.sign_in' AND detail = 'otp, local fallback'";
    assert_eq!(p.app.count(told).await, 1);
    // A factor that is shown again makes a new session, which does not outlive it either.
    p.app.advance(STEP);
    let who = p.who(&issued).await;
    let answer = phone.answer(&p.app);
    let renewed =
        identity::factors::step_up(&p.app.d, &who, origin("192.0.2.1"), DEVICE, &answer).await.unwrap();
    assert_eq!(renewed.ends_at, end);
}

#[tokio::test]
async fn nobody_shuts_themselves_out() {
    let app = app().await;
    let house = app.house("SSIAD du Canal").await;
    let admin = app.admin(&house).await;
    let colleague = app.admin(&house).await;
    let require = async |d| establishments::change_psc_only(d, &admin, true).await;
    let state = establishments::read_psc_only(&app.d, &admin).await.unwrap();
    assert_eq!((state.on, state.administrators, state.local_only, state.left_out.len()), (false, 0, 2, 2));
    assert!(matches!(require(&app.d).await, Err(PscOnlyError::NoLinkedAdministrator)));
    // Neither a nurse of theirs nor an administrator of another establishment would do.
    let (nurse, _) = app.person(&house, &[Role::Nurse]).await;
    app.link(nurse).await;
    let elsewhere = app.house("Pharmacie des Lilas").await;
    app.link(app.admin(&elsewhere).await.staff().user).await;
    assert!(matches!(require(&app.d).await, Err(PscOnlyError::NoLinkedAdministrator)));
    app.link(admin.staff().user).await;
    let without = app.node(Node { psc: false, ..Node::default() });
    assert!(matches!(require(&without).await, Err(PscOnlyError::NotConfigured)));
    require(&app.d).await.unwrap();
    assert!(matches!(require(&app.d).await, Err(PscOnlyError::Changed)), "it is so already");
    // The only one whom it recognises stays an administrator.
    let one = admin.staff().user;
    let demoted = members::change_roles(&app.d, &colleague, one, &Roles::from(vec![Role::Nurse])).await;
    assert!(matches!(demoted, Err(ChangeError::NoLinkedAdministrator)));
    let gone = members::disable(&app.d, &colleague, one).await;
    assert!(matches!(gone, Err(ChangeError::NoLinkedAdministrator)));
    app.link(colleague.staff().user).await;
    members::disable(&app.d, &colleague, one).await.unwrap();
}

#[tokio::test]
async fn changing_it_wants_a_factor_of_now_and_the_fallback_does_not() {
    let mut node = Node::default();
    node.policy.identity = IdentityPolicy { second_factor: true, ..IdentityPolicy::default() };
    let app = app_with(node).await;
    let house = app.house("SSIAD du Canal").await;
    let stale = app.admin(&house).await;
    app.link(stale.staff().user).await;
    let change = async |who: &Admin, on| establishments::change_psc_only(&app.d, who, on).await;
    assert!(matches!(change(&stale, true).await, Err(PscOnlyError::StepUp(_))));
    let mut staff = stale.staff().clone();
    staff.factor_at = Some(app.clock.now());
    let fresh = Admin::of(&app.d, staff, "test").await.unwrap();
    change(&fresh, true).await.unwrap();
    // While the provider is down, who came with it has no factor to show.
    establishments::open_fallback(&app.d, &stale, hours(1), &why()).await.unwrap();
    establishments::close_fallback(&app.d, &stale).await.unwrap();
    assert!(matches!(change(&stale, false).await, Err(PscOnlyError::StepUp(_))));
    app.advance(SignedDuration::from_mins(11));
    assert!(matches!(change(&fresh, false).await, Err(PscOnlyError::StepUp(_))));
}

#[tokio::test]
async fn the_operator_lifts_it_and_opens_and_closes_the_fallback() {
    let ward = ward().await;
    let (d, id) = (&ward.app.d, ward.house.id);
    ward.require().await;
    let until = establishments::operator_opens_fallback(d, &OPERATOR, id, hours(3), &why()).await.unwrap();
    assert_eq!(until, ward.app.clock.now() + HOUR * 3);
    let issued = ward.session().await;
    establishments::operator_closes_fallback(d, &OPERATOR, id).await.unwrap();
    assert!(ward.who(&issued).await.is_none());
    establishments::lift_psc_only(d, &OPERATOR, id, &why()).await.unwrap();
    assert!(ward.who(&ward.session().await).await.is_some());
    let again = establishments::lift_psc_only(d, &OPERATOR, id, &why()).await;
    assert!(matches!(again, Err(PscOnlyError::Changed)));
    assert_eq!(ward.rows("settings.open_fallback", "done", why().as_ref(), "3 h").await, (1, 1));
    assert_eq!(ward.rows("settings.close_fallback", "done", why().as_ref(), "0:00 h").await, (1, 1));
    assert_eq!(ward.rows("settings.psc_only", "done", why().as_ref(), "on → off").await, (1, 1));
    // Nobody from nowhere: the command line.
    let system =
        "SELECT count(*) FROM control.audit WHERE action LIKE 'settings.%' AND actor_kind = 'system'";
    assert_eq!(ward.app.count(system).await, 3);
}

#[tokio::test]
async fn the_rule_moves_with_the_establishment_and_a_fallback_does_not() {
    let ward = ward().await;
    let (d, id) = (&ward.app.d, ward.house.id);
    ward.require().await;
    ward.fallback(24).await;
    let folder = ward.app.folder.path().join("export");
    establishments::export(d, &OPERATOR, id, &folder).await.unwrap();
    establishments::delete(d, &OPERATOR, id).await.unwrap();
    establishments::import(d, &OPERATOR, &folder).await.unwrap();
    assert!(ward.refused().await);
    // An export of before has neither.
    let manifest = folder.join("establishment.json");
    let mut old: serde_json::Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
    let row = old["establishment"].as_object_mut().unwrap();
    for column in ["psc_only", "fallback_since", "fallback_until", "fallback_reason"] {
        assert!(row.remove(column).is_some(), "{column}");
    }
    std::fs::write(&manifest, serde_json::to_vec(&old).unwrap()).unwrap();
    establishments::delete(d, &OPERATOR, id).await.unwrap();
    establishments::import(d, &OPERATOR, &folder).await.unwrap();
    assert!(ward.sign_in(Some(&ward.house)).await.is_ok());
}

#[tokio::test]
async fn who_is_left_out_is_named_before_and_told_after() {
    let ward = ward().await;
    let seen = establishments::read_psc_only(&ward.app.d, &ward.admin).await.unwrap();
    assert_eq!((seen.local_only, seen.left_out), (1, vec!["Camille Fictif".to_owned()]));
    ward.app.post.take();
    ward.require().await;
    ward.app.jobs().await;
    let mails = ward.app.post.take();
    let told: Vec<_> = mails.iter().map(|mail| mail.to.as_ref()).collect();
    assert_eq!(told, [ward.nurse.as_str()], "and not who comes with Pro Santé Connect");
    assert!(mails[0].html.contains("SSIAD du Canal"));
    // Undone before the mail was written: there is nothing to tell.
    establishments::change_psc_only(&ward.app.d, &ward.admin, false).await.unwrap();
    ward.require().await;
    establishments::change_psc_only(&ward.app.d, &ward.admin, false).await.unwrap();
    ward.app.jobs().await;
    assert!(ward.app.post.take().is_empty());
}

#[tokio::test]
async fn everybody_who_is_left_out_is_told_and_not_who_has_linked_by_then() {
    let ward = ward().await;
    let (linked, _) = ward.app.person(&ward.house, &[Role::Nurse]).await;
    let (_, other) = ward.app.person(&ward.house, &[Role::Secretary]).await;
    ward.require().await;
    ward.app.link(linked).await;
    ward.app.jobs().await;
    let mut told: Vec<_> = ward.app.post.take().iter().map(|mail| mail.to.as_ref().to_owned()).collect();
    told.sort();
    let mut expected = [ward.nurse.clone(), other];
    expected.sort();
    assert_eq!(told, expected);
}
