//! Counting: one statement to take an attempt, one to give it back.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;

use super::{Limited, TooMany, bucket::Bucket};
use crate::{Domain, Fault, vault::Purpose};

/// How often an attempt is tried again that was counted in some buckets while another one closed.
const TRIES: usize = 3;

/// A counted attempt. Kept, it counts as a failure; given back, it never happened.
#[must_use = "an attempt that turned out right must be given back"]
#[derive(Debug)]
pub struct Attempt {
    taken: Vec<Taken>,
    /// Failures of the first bucket (the establishment, for codes) within its window, this one included.
    pub in_establishment: u32,
}

/// What an attempt did to one bucket.
#[derive(Debug)]
struct Taken {
    bucket: Vec<u8>,
    window_ends_at: jiff_sqlx::Timestamp,
    blocked_until: Option<jiff_sqlx::Timestamp>,
}

/// Counts one attempt in every bucket, or in none when one of them is closed.
pub(super) async fn take(d: &Domain, buckets: &[Bucket<'_>]) -> Result<Attempt, Limited> {
    let now = d.now();
    if let Some(shut) = buckets.iter().find(|bucket| bucket.rule.most == 0) {
        return Err(too_many(now, now + shut.rule.window));
    }
    let key =
        |bucket: &Bucket<'_>| d.pepper.hash(Purpose::Limit, &[bucket.kind.as_bytes(), bucket.of]).to_vec();
    let first = buckets.first().map(key).unwrap_or_default();
    for _ in 0..TRIES {
        let (mut taken, mut in_establishment, mut closed_until) =
            (Vec::with_capacity(buckets.len()), 0, None);
        for row in count(d, now, buckets.iter().map(|bucket| (key(bucket), bucket)).collect()).await? {
            closed_until = closed_until.or(row.closed_until);
            if let (Some(count), Some(window_ends_at)) = (row.count, row.window_ends_at) {
                if row.bucket == first {
                    in_establishment = u32::try_from(count).unwrap_or(u32::MAX);
                }
                taken.push(Taken { bucket: row.bucket, window_ends_at, blocked_until: row.blocked_until });
            }
        }
        if let Some(until) = closed_until {
            return Err(too_many(now, until.to_jiff()));
        }
        let complete = taken.len() == buckets.len();
        let attempt = Attempt { taken, in_establishment };
        if complete {
            return Ok(attempt);
        }
        attempt.give_back(d).await?;
    }
    Err(Limited::TooMany(TooMany { retry_after: 1 }))
}

fn too_many(now: Timestamp, until: Timestamp) -> Limited {
    let seconds = u64::try_from(until.duration_since(now).as_secs()).unwrap_or_default();
    Limited::TooMany(TooMany { retry_after: seconds.saturating_add(1) })
}

struct Counted {
    bucket: Vec<u8>,
    count: Option<i32>,
    window_ends_at: Option<jiff_sqlx::Timestamp>,
    blocked_until: Option<jiff_sqlx::Timestamp>,
    closed_until: Option<jiff_sqlx::Timestamp>,
}

/// A bucket that is closed already is seen without a lock: a flood of refused attempts holds nobody up. What several
/// attempts at once found open is decided by the update, row by row: a bucket that closed meanwhile doesn't answer.
/// Rows are locked in the order of their keys, here and when giving back.
async fn count(
    d: &Domain,
    now: Timestamp,
    mut buckets: Vec<(Vec<u8>, &Bucket<'_>)>,
) -> Result<Vec<Counted>, Fault> {
    buckets.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let whole = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let keys: Vec<Vec<u8>> = buckets.iter().map(|(key, _)| key.clone()).collect();
    let most: Vec<i32> = buckets.iter().map(|(_, bucket)| whole(bucket.rule.most)).collect();
    let free: Vec<i32> = buckets.iter().map(|(_, bucket)| whole(bucket.rule.undelayed())).collect();
    let ends: Vec<jiff_sqlx::Timestamp> =
        buckets.iter().map(|(_, bucket)| (now + bucket.rule.window).to_sqlx()).collect();
    // The delay: 64 s after the last undelayed attempt, then twice that, a quarter of an hour at most.
    let rows = sqlx::query_as!(
        Counted,
        r#"WITH wanted AS (
               SELECT * FROM unnest($1::bytea[], $2::int[], $3::timestamptz[]) AS w (bucket, most, window_ends_at)
           ), closed AS (
               SELECT CASE WHEN a.blocked_until > $5 THEN a.blocked_until ELSE a.window_ends_at END AS until
               FROM control.attempts a JOIN wanted w USING (bucket)
               WHERE a.window_ends_at > $5 AND (a.blocked_until > $5 OR a.count >= w.most)
           ), taken AS (
               INSERT INTO control.attempts AS a (bucket, count, window_ends_at)
               SELECT bucket, 1, window_ends_at FROM wanted WHERE NOT EXISTS (SELECT FROM closed) ORDER BY bucket
               ON CONFLICT (bucket) DO UPDATE SET
                   count = CASE WHEN a.window_ends_at <= $5 THEN 1 ELSE a.count + 1 END,
                   window_ends_at = CASE WHEN a.window_ends_at <= $5 THEN excluded.window_ends_at ELSE a.window_ends_at END,
                   blocked_until = CASE WHEN a.window_ends_at > $5 AND a.count + 1 >= ($4::int[])[array_position($1, a.bucket)]
                       THEN $5 + make_interval(secs =>
                            least(900, 64 * 2 ^ least(a.count + 1 - ($4::int[])[array_position($1, a.bucket)], 20))) END
               WHERE a.window_ends_at <= $5
                  OR (a.count < ($2::int[])[array_position($1, a.bucket)] AND coalesce(a.blocked_until <= $5, true))
               RETURNING bucket, count, window_ends_at, blocked_until
           )
           SELECT w.bucket AS "bucket!", t.count AS "count?", t.window_ends_at AS "window_ends_at?",
               t.blocked_until AS "blocked_until?", (SELECT max(until) FROM closed) AS "closed_until?"
           FROM wanted w LEFT JOIN taken t USING (bucket)"#,
        &keys,
        &most,
        &ends as _,
        &free,
        now.to_sqlx() as _,
    )
    .fetch_all(&d.db.pool)
    .await?;
    Ok(rows)
}

/// Counts from the beginning again.
pub(super) async fn forget(d: &Domain, kind: &str, of: &[u8]) -> Result<(), Fault> {
    let bucket = d.pepper.hash(Purpose::Limit, &[kind.as_bytes(), of]).to_vec();
    sqlx::query!("DELETE FROM control.attempts WHERE bucket = $1", bucket).execute(&d.db.pool).await?;
    Ok(())
}

impl Attempt {
    /// The attempt was right: it counts no longer, and the delay that it caused ends (not one that others caused, and
    /// nothing in a window that began since).
    ///
    /// # Errors
    /// The database doesn't answer; the attempt then stays counted.
    pub async fn give_back(self, d: &Domain) -> Result<(), Fault> {
        let keys: Vec<Vec<u8>> = self.taken.iter().map(|taken| taken.bucket.clone()).collect();
        let ends: Vec<jiff_sqlx::Timestamp> = self.taken.iter().map(|taken| taken.window_ends_at).collect();
        let blocked: Vec<Option<jiff_sqlx::Timestamp>> =
            self.taken.iter().map(|taken| taken.blocked_until).collect();
        sqlx::query!(
            "UPDATE control.attempts a
             SET count = greatest(a.count - 1, 0), blocked_until = nullif(a.blocked_until, mine.blocked_until)
             FROM (SELECT l.bucket, w.blocked_until
                   FROM unnest($1::bytea[], $2::timestamptz[], $3::timestamptz[]) AS w (bucket, window_ends_at, blocked_until)
                   JOIN control.attempts l ON l.bucket = w.bucket AND l.window_ends_at = w.window_ends_at
                   ORDER BY l.bucket FOR UPDATE OF l) AS mine
             WHERE a.bucket = mine.bucket",
            &keys,
            &ends as _,
            &blocked as _,
        )
        .execute(&d.db.pool)
        .await?;
        Ok(())
    }
}
