//! How long the door takes for known and for unknown addresses. It judges nothing: `make simulate` prints the figures.

use std::time::{Duration, Instant};

use domain::{identity, members, registration};
use model::{
    identity::Email,
    registration::{Given, Registration},
    roles::Role,
    time::Language,
};

use crate::support::{App, DEVICE, Node, app_with, credentials, invite, origin};

/// Pairs of each; invitations are fewer, since an establishment sends two hundred a day.
const PAIRS: usize = 500;
const INVITATIONS: usize = 90;

/// Knocks in turn with a known address and with one that nobody has, and prints what each took.
async fn compare(what: &str, pairs: usize, known: &str, knock: impl AsyncFn(String)) {
    let mut times = [vec![], vec![]];
    for _ in 0..pairs {
        // The same one each time on both sides: the first knock at an address makes its counters, the later ones find them.
        for (which, email) in [known, "inconnu@exemple.fr"].into_iter().enumerate() {
            let begun = Instant::now();
            knock(email.to_owned()).await;
            times[which].push(begun.elapsed());
        }
    }
    for (who, times) in ["known", "unknown"].iter().zip(&mut times) {
        times.sort_unstable();
        let at = |percent: usize| micros(times[times.len() * percent / 100]);
        println!("{what:<14} {who:<8} {pairs} times: p10 {}, median {}, p90 {}", at(10), at(50), at(90));
    }
}

fn micros(time: Duration) -> String {
    format!("{} µs", time.as_micros())
}

async fn patient() -> App {
    let mut node = Node::default();
    let limits = &mut node.policy.limits;
    for most in [
        &mut limits.sign_in_per_account,
        &mut limits.sign_in_per_address,
        &mut limits.sign_in_free,
        &mut limits.stuffing_accounts,
        &mut limits.mails_to_address,
        &mut limits.mails_per_address,
    ] {
        *most = 1_000_000;
    }
    app_with(node).await
}

#[tokio::test]
#[ignore = "prints times; `make simulate` runs it"]
async fn simulate_the_time_of_known_and_unknown_addresses() {
    let app = patient().await;
    let (here, there) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let (_, known) = app.person(&there, &[Role::Nurse]).await;
    let (d, from) = (&app.d, origin("192.0.2.1"));
    let email = |text: String| text.parse::<Email>().unwrap();
    println!("\nin turn, without HTTP; the disk is not waited for, Argon2 is cheap so that the rest shows");
    compare("sign-in", PAIRS, &known, async |text| {
        let with = credentials(&text, "faux faux faux", None);
        assert!(identity::sign_in(d, from, DEVICE, &with).await.is_err());
    })
    .await;
    compare("new password", PAIRS, &known, async |text| {
        identity::ask_reset(d, from, &email(text)).await.unwrap();
    })
    .await;
    compare("registration", PAIRS, &known, async |text| {
        let new = Registration::new(Given {
            name: "Pharmacie du Port".parse().unwrap(),
            town: "Brest".parse().unwrap(),
            kind: model::establishments::EstablishmentKind::Other,
            finess: None,
            given_name: "Noa".parse().unwrap(),
            family_name: "Neuf".parse().unwrap(),
            email: email(text),
            role: None,
            language: Language::Fr,
        });
        registration::register(d, from, &new.unwrap()).await.unwrap();
    })
    .await;
    let admin = app.admin(&here).await;
    compare("invitation", INVITATIONS, &known, async |text| {
        members::invite(d, &admin, &invite(&text)).await.unwrap();
    })
    .await;
}
