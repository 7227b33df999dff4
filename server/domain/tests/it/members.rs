//! People: added, changed, never without an administrator.

use domain::members::{self, AddError, ChangeError};
use model::{identity::Password, ids::UserId, list::Page, members::NewMember, roles::Role};

use crate::support::{App, House, NURSE, app, new_member, nurse_with_a_place};

#[tokio::test]
async fn nobody_changes_their_own_rights_nor_those_of_another_establishment() {
    let app = app().await;
    let (here, there) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let (admin, stranger) = (app.admin(&here).await, app.pharmacist(&there).await);
    let own = members::change_roles(&app.d, &admin, admin.staff().user, &vec![Role::Nurse].into()).await;
    assert!(matches!(own, Err(ChangeError::OwnRights)));
    assert!(matches!(
        members::disable(&app.d, &admin, admin.staff().user).await,
        Err(ChangeError::OwnRights)
    ));
    assert!(matches!(members::disable(&app.d, &admin, stranger.user).await, Err(ChangeError::NotFound)));
    let nurse = app.person(&here, &[Role::Nurse]).await.0;
    assert!(matches!(
        members::change_roles(&app.d, &admin, nurse, &vec![].into()).await,
        Err(ChangeError::NoRole)
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_administrators_who_disable_each_other_leave_one() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    for _ in 0..10 {
        let (a, b) = (app.admin(&house).await, app.admin(&house).await);
        app.alter(&format!(
            "UPDATE control.memberships SET disabled_at = now() WHERE user_id NOT IN ('{}', '{}')",
            a.staff().user,
            b.staff().user
        ))
        .await;
        let nurse = vec![Role::Nurse].into();
        let (one, two) = tokio::join!(
            members::disable(&app.d, &a, b.staff().user),
            members::change_roles(&app.d, &b, a.staff().user, &nurse)
        );
        let refused =
            |outcome: &Result<(), ChangeError>| matches!(outcome, Err(ChangeError::LastAdministrator));
        assert_eq!(usize::from(refused(&one)) + usize::from(refused(&two)), 1, "{one:?} {two:?}");
    }
}

#[tokio::test]
async fn the_operator_makes_an_account_once_and_it_keeps_its_name() {
    let app = app().await;
    let (here, there) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let (operator, other) = (domain::PlatformAdmin::operator(), app.admin(&there).await);
    let create = async |new: &NewMember, house: &House| {
        members::create_user(&app.d, &operator, new, Some(house.id), false).await
    };
    let user = create(&new_member("deux@exemple.fr", &[Role::Nurse]), &here).await.unwrap();
    let renamed = NewMember {
        given_name: "Autre".parse().unwrap(),
        ..new_member("deux@exemple.fr", &[Role::Physician])
    };
    let again = create(&renamed, &there).await;
    assert!(matches!(again, Err(AddError::HasAccount)), "a password typed for somebody else's account");
    let joined = members::join(&app.d, &operator, &renamed.email, there.id, &renamed.roles).await.unwrap();
    assert_eq!(joined, (user, "Camille Fictif".to_owned()));
    let twice = members::join(&app.d, &operator, &renamed.email, there.id, &renamed.roles).await;
    assert!(matches!(twice, Err(AddError::AlreadyMember)));
    let unknown = "inconnue@exemple.fr".parse().unwrap();
    let nobody = members::join(&app.d, &operator, &unknown, there.id, &renamed.roles).await;
    assert!(matches!(nobody, Err(AddError::NoAccount)));
    let listed =
        members::list(&app.d, &other, Some(&"deux@".parse().unwrap()), Page::default()).await.unwrap();
    assert_eq!((listed.total, listed.items[0].given_name.as_str()), (1, "Camille"));
    let stranger = NewMember { password: None, ..new_member("trois@exemple.fr", &[Role::Nurse]) };
    assert!(matches!(create(&stranger, &here).await, Err(AddError::PasswordNeeded)));
    let roleless = new_member("trois@exemple.fr", &[]);
    assert!(matches!(create(&roleless, &here).await, Err(AddError::NoRole)));
    let weak = NewMember {
        password: Some(Password::new("court")),
        ..new_member("trois@exemple.fr", &[Role::Nurse])
    };
    assert!(matches!(create(&weak, &here).await, Err(AddError::Password(_))));
}

#[tokio::test]
async fn a_page_past_the_end_still_knows_the_total() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let admin = app.admin(&house).await;
    app.pharmacist(&house).await;
    let page = members::list(&app.d, &admin, None, Page::new(5, 1)).await.unwrap();
    assert_eq!((page.total, page.items.len()), (2, 0));
}

#[tokio::test]
async fn the_list_says_whom_pro_sante_connect_recognises_and_nobody_stands_there_twice() {
    let (app, house) = nurse_with_a_place().await;
    let admin = app.admin(&house).await;
    let local = app.person(&house, &[Role::Secretary]).await.0;
    // Of one person several identities, of another one from a provider that this server does not know.
    app.link(nurse(&app).await).await;
    for user in [nurse(&app).await, local] {
        app.alter(&format!(
            "INSERT INTO control.psc_identities (issuer, subject_name_id, user_id, sub, rpps, profile, linked_at, last_sign_in_at)
             VALUES ('https://elsewhere.example', '{0}', '{1}', 'sub', '99800000012', '{{}}', now(), now())",
            user.0.simple(),
            user
        ))
        .await;
    }
    let list = members::list(&app.d, &admin, None, Page::default()).await.unwrap();
    let mut shown: Vec<_> = list
        .items
        .iter()
        .map(|member| {
            (member.user, member.linked, member.rpps.as_ref().map(AsRef::as_ref), member.email.is_some())
        })
        .collect();
    let mut expected = [
        (nurse(&app).await, true, Some("99700123450"), false),
        (local, false, None, true),
        (admin.staff().user, false, None, true),
    ];
    shown.sort_unstable();
    expected.sort_unstable();
    assert_eq!((list.total, shown.as_slice()), (3, expected.as_slice()));
}

/// The nurse of the provider.
async fn nurse(app: &App) -> UserId {
    let id = sqlx::query_scalar("SELECT user_id FROM control.psc_identities WHERE subject_name_id = $1");
    UserId(id.bind(NURSE).fetch_one(&mut app.look().await).await.unwrap())
}
