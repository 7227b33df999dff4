//! Invitations: who may come in by one, once, and what nobody learns by it.

use domain::{
    PlatformAdmin, audit, establishments,
    identity::{self, Identified, SignedIn},
    members::{self, InviteError, InvitedError},
};
use jiff::SignedDuration;
use model::{
    audit::AuditQuery,
    identity::Password,
    list::Page,
    members::{Invite, NewAccount},
    roles::Role,
};

use crate::support::{App, DEVICE, House, app, credentials, invite, nurse_with_a_place, origin, token_of};

const ADDRESS: &str = "nouvelle@exemple.fr";

fn account(password: &str) -> NewAccount {
    NewAccount {
        given_name: "Noa".parse().unwrap(),
        family_name: "Neuf".parse().unwrap(),
        password: Password::new(password),
    }
}

impl App {
    /// Invites, and gives the token of the mail.
    async fn invited(&self, house: &House, new: &Invite) -> String {
        let admin = self.admin(house).await;
        members::invite(&self.d, &admin, new).await.unwrap();
        self.mailed_link().await
    }

    async fn mailed_link(&self) -> String {
        self.jobs().await;
        token_of(&self.post.take().pop().unwrap(), "/portal/invitation").unwrap()
    }

    async fn come(&self, token: &str) -> Result<(), InvitedError> {
        let new = account("quatre voiles blanches");
        members::accept_with_account(&self.d, origin("192.0.2.1"), token, &new).await
    }

    async fn as_who(&self, email: &str, house: &House) -> std::sync::Arc<Identified> {
        let issued = self.sign_in(email, Some(house)).await;
        identity::authenticate(&self.d, &issued.access, false).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn who_is_new_makes_an_account_and_belongs_from_the_beginning() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let admin = app.admin(&house).await;
    members::invite(&app.d, &admin, &invite(ADDRESS)).await.unwrap();
    app.jobs().await;
    let mail = app.post.take().pop().unwrap();
    assert_eq!(mail.to.as_ref(), ADDRESS);
    assert!(
        mail.text.contains("Camille Fictif vous invite à rejoindre Pharmacie des Lilas (Lyon)"),
        "{}",
        mail.text
    );
    let token = token_of(&mail, "/portal/invitation").unwrap();

    let offer = members::invitation(&app.d, &token).await.unwrap();
    assert_eq!((offer.email.as_str(), offer.has_account), (ADDRESS, false));
    assert_eq!(offer.establishment.id, house.id);
    let weak = members::accept_with_account(&app.d, origin("192.0.2.1"), &token, &account("court")).await;
    assert!(matches!(weak, Err(InvitedError::Refused(_))));
    app.come(&token).await.unwrap();
    assert!(matches!(app.come(&token).await, Err(InvitedError::Expired)), "once");

    let with = credentials(ADDRESS, "quatre voiles blanches", None);
    let Ok(SignedIn::Open(me, _)) = identity::sign_in(&app.d, origin("192.0.2.1"), DEVICE, &with).await
    else {
        panic!("signs in");
    };
    assert_eq!((me.name.as_str(), me.roles.hold(Role::Nurse)), ("Noa Neuf", true));
    assert!(members::invitations(&app.d, &admin).await.unwrap().is_empty());
    let listed = members::list(&app.d, &admin, None, Page::default()).await.unwrap();
    assert!(listed.items.iter().any(|member| member.email.as_deref() == Some(ADDRESS)));
    let verified = "SELECT count(*) FROM control.users WHERE email_verified_at IS NOT NULL";
    assert_eq!(app.count(verified).await, 1);
    let rows = "SELECT count(*) FROM control.audit WHERE action = 'members.accept_invitation'";
    assert_eq!(app.count(rows).await, 1);
    let query = AuditQuery { search: Some("members.accept".parse().unwrap()), ..AuditQuery::default() };
    let [own] = <[_; 1]>::try_from(audit::list(&app.d, &admin, &query).await.unwrap().items).unwrap();
    let by = format!("invited by Camille Fictif ({}), nurse", admin.staff().user);
    assert_eq!((own.object_name.as_deref(), own.detail), (Some("Noa Neuf"), Some(by)));
}

#[tokio::test]
async fn who_has_an_account_comes_in_with_it_and_only_after_signing_in() {
    let app = app().await;
    let (here, there) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let (_, email) = app.person(&here, &[Role::Pharmacist]).await;
    let token = app.invited(&there, &invite(&email)).await;
    assert!(members::invitation(&app.d, &token).await.unwrap().has_account);
    assert!(
        matches!(app.come(&token).await, Err(InvitedError::HasAccount)),
        "no second account, no other password"
    );
    assert_eq!(app.count("SELECT count(*) FROM control.invitations").await, 1, "the link is still good");

    let who = app.as_who(&email, &here).await;
    let joined = members::accept_invitation(&app.d, &who, origin("192.0.2.1"), &token).await.unwrap();
    assert_eq!(joined, there.id);
    let again = members::accept_invitation(&app.d, &who, origin("192.0.2.1"), &token).await;
    assert!(matches!(again, Err(InvitedError::Expired)));
    identity::switch(&app.d, &who, origin("192.0.2.1"), there.id, DEVICE).await.map(drop).unwrap();
}

#[tokio::test]
async fn whoever_is_signed_in_holds_the_link_and_a_member_keeps_their_roles() {
    let app = app().await;
    let (here, there) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let (_, email) = app.person(&here, &[Role::Pharmacist]).await;
    // The mail reached them at another address of theirs.
    let token = app.invited(&there, &invite("autre.boite@exemple.fr")).await;
    let who = app.as_who(&email, &here).await;
    members::accept_invitation(&app.d, &who, origin("192.0.2.1"), &token).await.unwrap();
    let kept = format!("SELECT count(*) FROM control.users WHERE email = '{email}'");
    assert_eq!(app.count(&kept).await, 1, "their address stays");

    let token = app.invited(&here, &invite("autre.boite@exemple.fr")).await;
    let member = members::accept_invitation(&app.d, &who, origin("192.0.2.1"), &token).await;
    assert!(matches!(member, Err(InvitedError::AlreadyMember)));
}

#[tokio::test]
async fn a_professional_without_an_address_has_the_invited_one_from_then_on() {
    let (app, _) = nurse_with_a_place().await;
    let issued = app.arrive().await;
    let other = app.house("Pharmacie des Lilas").await;
    let token = app.invited(&other, &invite(ADDRESS)).await;
    let who = identity::authenticate(&app.d, &issued.access, false).await.unwrap().unwrap();
    members::accept_invitation(&app.d, &who, origin("192.0.2.1"), &token).await.unwrap();
    let has = format!("SELECT count(*) FROM control.users WHERE id = '{}' AND email = '{ADDRESS}'", who.user);
    assert_eq!(app.count(&has).await, 1);
    identity::ask_reset(&app.d, origin("192.0.2.1"), &ADDRESS.parse().unwrap()).await.unwrap();
    app.jobs().await;
    assert!(app.post.take().is_empty(), "which gives them no password");
}

#[tokio::test]
async fn a_link_ends_with_time_another_one_a_withdrawal_and_the_establishment() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let admin = app.admin(&house).await;
    let over = async |token: &str| {
        matches!(members::invitation(&app.d, token).await, Err(InvitedError::Expired))
            && matches!(app.come(token).await, Err(InvitedError::Expired))
    };
    let first = app.invited(&house, &invite(ADDRESS)).await;
    let second = app.invited(&house, &invite(ADDRESS)).await;
    assert!(over(&first).await, "invited again");
    let id = members::invitations(&app.d, &admin).await.unwrap()[0].id;
    members::invite_again(&app.d, &admin, id).await.unwrap();
    assert!(over(&second).await, "sent again");
    let third = app.mailed_link().await;
    app.advance(SignedDuration::from_hours(24 * 7 + 1));
    assert!(over(&third).await);
    assert!(members::invitations(&app.d, &admin).await.unwrap()[0].over, "and stands there as such");
    members::invite_again(&app.d, &admin, id).await.unwrap();
    let fourth = app.mailed_link().await;
    let operator = PlatformAdmin::operator();
    assert!(establishments::suspend(&app.d, &operator, house.id, &"essai".parse().unwrap()).await.unwrap());
    assert!(over(&fourth).await, "nobody comes into a closed house");
    assert!(establishments::resume(&app.d, &operator, house.id).await.unwrap());
    members::withdraw_invitation(&app.d, &admin, id).await.unwrap();
    assert!(over(&fourth).await);
    app.advance(SignedDuration::from_hours(24 * 40));
    app.invited(&house, &invite(ADDRESS)).await;
    app.advance(SignedDuration::from_hours(24 * 40));
    app.jobs().await;
    assert_eq!(app.count("SELECT count(*) FROM control.invitations").await, 0, "and goes a month later");
}

#[tokio::test]
async fn administrators_learn_nothing_of_other_houses() {
    let app = app().await;
    let (here, there) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let (admin, other) = (app.admin(&here).await, app.admin(&there).await);
    let (_, elsewhere) = app.person(&there, &[Role::Nurse]).await;
    let (_, member) = app.person(&here, &[Role::Nurse]).await;
    assert!(
        members::invite(&app.d, &admin, &invite(&elsewhere)).await.is_ok(),
        "an account or none: the same"
    );
    let own = members::invite(&app.d, &admin, &invite(&member)).await;
    assert!(matches!(own, Err(InviteError::AlreadyMember)), "whom the list shows");
    let roleless = Invite { roles: vec![].into(), ..invite(ADDRESS) };
    assert!(matches!(members::invite(&app.d, &admin, &roleless).await, Err(InviteError::NoRole)));

    let id = members::invitations(&app.d, &admin).await.unwrap()[0].id;
    assert!(members::invitations(&app.d, &other).await.unwrap().is_empty());
    assert!(matches!(members::invite_again(&app.d, &other, id).await, Err(InviteError::NotFound)));
    assert!(matches!(members::withdraw_invitation(&app.d, &other, id).await, Err(InviteError::NotFound)));
    for _ in 0..4 {
        members::invite(&app.d, &admin, &invite(&elsewhere)).await.unwrap();
    }
    let flooded = members::invite(&app.d, &admin, &invite(&elsewhere)).await;
    assert!(matches!(flooded, Err(InviteError::TooMany(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_come_with_one_link_one_comes_in() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    for round in 0..10 {
        let token = app.invited(&house, &invite(&format!("double{round}@exemple.fr"))).await;
        let (one, other) = tokio::join!(app.come(&token), app.come(&token));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    }
    assert_eq!(app.count("SELECT count(*) FROM control.users WHERE given_name = 'Noa'").await, 10);
}

#[tokio::test]
async fn an_invitation_is_worth_what_its_author_may_still_do() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (author, other) = (app.admin(&house).await, app.admin(&house).await);
    members::invite(&app.d, &author, &invite(ADDRESS)).await.unwrap();
    let token = app.mailed_link().await;
    assert!(members::invitation(&app.d, &token).await.is_ok());
    members::disable(&app.d, &other, author.staff().user).await.unwrap();
    assert!(matches!(members::invitation(&app.d, &token).await, Err(InvitedError::Expired)));
    assert!(
        matches!(app.come(&token).await, Err(InvitedError::Expired)),
        "shut out, and back by the back door"
    );
    let id = members::invitations(&app.d, &other).await.unwrap()[0].id;
    members::invite_again(&app.d, &other, id).await.unwrap();
    app.come(&app.mailed_link().await).await.unwrap();
}
