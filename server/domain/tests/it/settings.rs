//! Settings: nobody overwrites what somebody else has just changed, and the audit says what became of what.

use domain::establishments::{self, SettingsError};
use model::establishments::LegalBasis;

use crate::support::app;

#[tokio::test]
async fn the_second_of_two_administrators_overwrites_nothing() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (one, other) = (app.admin(&house).await, app.admin(&house).await);
    let read = establishments::read_settings(&app.d, &one).await.unwrap();
    let mut first = read.clone();
    first.retention = 60.try_into().unwrap();
    first.legal_basis = LegalBasis::PublicInterest;
    first.version = establishments::change_settings(&app.d, &one, &first).await.unwrap();

    let mut second = read;
    second.phone = Some("01 23 45 67 89".parse().unwrap());
    let late = establishments::change_settings(&app.d, &other, &second).await;
    assert!(matches!(late, Err(SettingsError::Changed)));
    assert_eq!(establishments::read_settings(&app.d, &other).await.unwrap(), first);

    second = first;
    second.phone = Some("01 23 45 67 89".parse().unwrap());
    establishments::change_settings(&app.d, &other, &second).await.unwrap();
    let details =
        format!("SELECT detail FROM {}.audit WHERE action = 'settings.change' ORDER BY id", house.schema());
    let details: Vec<String> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(details)).fetch_all(&mut app.look().await).await.unwrap();
    assert_eq!(
        details,
        ["retention_days 30 → 60, legal_basis legitimate_interest → public_interest", "phone"]
    );
}
