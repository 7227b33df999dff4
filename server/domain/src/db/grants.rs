//! What the run-time login and each establishment's role may touch. Written after every migration, idempotent.

use sqlx::{AssertSqlSafe, Executor, PgConnection};

use crate::fault::Fault;

/// `control` and `queue`: the run-time login works on rows; audits only grow.
pub(super) async fn shared(owner: &mut PgConnection, app: &str) -> Result<(), Fault> {
    owner
        .execute(AssertSqlSafe(format!(
            "GRANT USAGE ON SCHEMA control, queue TO \"{app}\";
             REVOKE ALL ON ALL TABLES IN SCHEMA control, queue FROM \"{app}\";
             GRANT SELECT, UPDATE (status, psc_only, fallback_since, fallback_until, fallback_reason)
                 ON control.establishments TO \"{app}\";
             GRANT SELECT, INSERT, UPDATE, DELETE ON control.users, control.memberships, control.sessions,
                 control.browsers, control.attempts, control.ceremonies, control.psc_identities,
                 control.totp, control.passkeys, control.recovery_codes, control.access_requests,
                 control.access_refusals, control.known_browsers, control.invitations, control.email_changes,
                 control.registrations TO \"{app}\";
             GRANT SELECT, INSERT ON control.audit TO \"{app}\";
             GRANT SELECT, INSERT, UPDATE, DELETE ON queue.jobs, queue.schedule TO \"{app}\";
             GRANT SELECT, DELETE ON queue.outbox TO \"{app}\";
             GRANT SELECT ON queue.establishments TO \"{app}\";
             GRANT SELECT (version) ON control._sqlx_migrations, queue._sqlx_migrations TO \"{app}\""
        )))
        .await?;
    Ok(())
}

/// One establishment's schema: its role works on rows, can't alter anything, and only adds to the audit.
pub(super) async fn tenant(owner: &mut PgConnection, schema: &str, role: &str) -> Result<(), Fault> {
    owner
        .execute(AssertSqlSafe(format!(
            "GRANT USAGE ON SCHEMA \"{schema}\", queue TO \"{role}\";
             REVOKE ALL ON ALL TABLES IN SCHEMA \"{schema}\" FROM \"{role}\";
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \"{schema}\" TO \"{role}\";
             REVOKE ALL ON \"{schema}\"._sqlx_migrations FROM \"{role}\";
             REVOKE INSERT, UPDATE, DELETE ON \"{schema}\".identity FROM \"{role}\";
             REVOKE INSERT, DELETE ON \"{schema}\".settings FROM \"{role}\";
             REVOKE UPDATE, DELETE ON \"{schema}\".audit FROM \"{role}\";
             GRANT EXECUTE ON FUNCTION queue.enqueue(text, jsonb, timestamptz, timestamptz),
                 queue.publish(text, uuid, timestamptz) TO \"{role}\""
        )))
        .await?;
    Ok(())
}
