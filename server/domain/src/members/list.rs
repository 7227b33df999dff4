//! The list of an establishment's people.

use model::{
    ids::UserId,
    list::{Page, Paged},
    members::Member,
    roles::Roles,
    text::Search,
};

use crate::{Admin, Domain, Refused, clock::moment, establishments};

/// One page of people by name, and the total.
///
/// # Errors
/// An incident.
pub async fn list(
    d: &Domain,
    who: &Admin,
    search: Option<&Search>,
    page: Page,
) -> Result<Paged<Member>, Refused> {
    let staff = who.staff();
    let zone = establishments::zone(d, staff.establishment).await?;
    let words = search.map(|text| establishments::fold(text.as_str()));
    // An identity of another provider (the sandbox's, say) opens nothing here.
    let issuer = d.psc.as_ref().map(|psc| psc.settings.issuer.as_str());
    let rows = sqlx::query!(
        r#"SELECT u.id, u.given_name, u.family_name, u.email, m.roles, m.created_at, m.last_sign_in_at,
               (m.disabled_at IS NULL AND u.disabled_at IS NULL) AS "active!",
               EXISTS (SELECT FROM control.psc_identities i WHERE i.user_id = u.id AND i.issuer = $5) AS "linked!",
               (SELECT max(i.rpps) FROM control.psc_identities i WHERE i.user_id = u.id AND i.issuer = $5) AS rpps
           FROM control.memberships m JOIN control.users u ON u.id = m.user_id
           WHERE m.establishment_id = $1
             AND ($2::text IS NULL OR strpos(u.search_text, $2) > 0)
           ORDER BY lower(u.family_name), lower(u.given_name), u.id LIMIT $3 OFFSET $4"#,
        staff.establishment.0,
        words,
        page.limit(),
        page.offset(),
        issuer,
    )
    .fetch_all(&d.db.pool)
    .await?;
    // Counted apart: a page past the end has no row to carry the total.
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM control.memberships m JOIN control.users u ON u.id = m.user_id
           WHERE m.establishment_id = $1
             AND ($2::text IS NULL OR strpos(u.search_text, $2) > 0)"#,
        staff.establishment.0,
        words,
    )
    .fetch_one(&d.db.pool)
    .await?;
    let items = rows
        .into_iter()
        .map(|row| Member {
            user: UserId(row.id),
            given_name: row.given_name,
            family_name: row.family_name,
            email: row.email,
            linked: row.linked,
            rpps: row.rpps.and_then(|text| text.parse().ok()),
            roles: Roles::from_names(&row.roles),
            active: row.active,
            member_since: moment(row.created_at.to_jiff(), &zone),
            last_sign_in: row.last_sign_in_at.map(|at| moment(at.to_jiff(), &zone)),
        })
        .collect();
    Ok(Paged { items, total: u64::try_from(total).unwrap_or_default(), page })
}
