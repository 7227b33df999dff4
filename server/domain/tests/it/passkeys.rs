//! A passkey's counter: it only grows, and a device that was copied shows itself there.

use domain::identity::{
    Issued,
    factors::{self as factors_of, FactorError, NewPasskey},
};
use model::factors::FactorAnswer;

use crate::{
    factors::{self, Person},
    support::{Authenticator, DEVICE, origin},
};

async fn challenged(p: &Person, issued: &Issued, device: &Authenticator, counter: u32) -> FactorAnswer {
    let challenge = factors_of::challenge_own(&p.app.d, &*p.who(issued).await).await.unwrap();
    let credential = device.answers(&challenge.options, counter);
    FactorAnswer::Passkey { ticket: challenge.ticket, credential }
}

#[tokio::test]
async fn an_answer_that_has_not_counted_further_is_refused_also_of_two_at_once() {
    let (p, device, from) = (factors::nurse(true).await, Authenticator::new(), origin("192.0.2.1"));
    let who = p.who(&p.session().await).await;
    let setup = factors_of::begin_passkey(&p.app.d, &who).await.unwrap();
    let credential = device.makes(&setup.options);
    let made = NewPasskey { ticket: &setup.ticket, name: &"Clé".parse().unwrap(), credential: &credential };
    let (_, issued) = factors_of::confirm_passkey(&p.app.d, &who, from, DEVICE, &made).await.unwrap();
    let counter =
        async || p.app.count("SELECT (passkey->'cred'->>'counter')::bigint FROM control.passkeys").await;

    let answer = challenged(&p, &issued, &device, 5).await;
    let other = p.app.halfway("SELECT FROM control.passkeys FOR UPDATE").await;
    let who = p.who(&issued).await;
    let (shown, ()) = tokio::join!(
        factors_of::step_up(&p.app.d, &who, from, DEVICE, &answer),
        p.app.goes_on(
            other,
            "UPDATE control.passkeys SET passkey = jsonb_set(passkey, '{cred,counter}', '9')"
        )
    );
    assert!(matches!(shown, Err(FactorError::Wrong)), "two devices hold the same key");
    assert_eq!(counter().await, 9, "nothing puts it back");

    let answer = challenged(&p, &issued, &device, 9).await;
    let copied = factors_of::step_up(&p.app.d, &*p.who(&issued).await, from, DEVICE, &answer).await;
    assert!(matches!(copied, Err(FactorError::Wrong)));
    let answer = challenged(&p, &issued, &device, 10).await;
    factors_of::step_up(&p.app.d, &*p.who(&issued).await, from, DEVICE, &answer).await.map(drop).unwrap();
    assert_eq!(counter().await, 10);
}
