-- People whom Pro Santé Connect identifies. It gives no e-mail address that could be relied on: none may be known.
ALTER TABLE control.users ALTER COLUMN email DROP NOT NULL;

CREATE TABLE control.psc_identities (
    issuer text NOT NULL,
    -- SubjectNameID: opaque, neither built nor interpreted. The key of the account; `sub` is not stable.
    subject_name_id text NOT NULL CHECK (length(subject_name_id) BETWEEN 1 AND 64),
    user_id uuid NOT NULL REFERENCES control.users ON DELETE CASCADE,
    sub text NOT NULL,
    rpps text CHECK (rpps ~ '^[0-9]{11}$'),
    -- What the provider said last: names, exercises, activities, other identifiers.
    profile jsonb NOT NULL,
    linked_at timestamptz NOT NULL,
    last_sign_in_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject_name_id)
);
CREATE INDEX psc_identities_user ON control.psc_identities (user_id);

ALTER TABLE control.sessions DROP CONSTRAINT sessions_method_check;
ALTER TABLE control.sessions ADD CONSTRAINT sessions_method_check CHECK (method IN ('password', 'passkey', 'psc'));
ALTER TABLE control.sessions DROP CONSTRAINT sessions_revoked_reason_check;
ALTER TABLE control.sessions ADD CONSTRAINT sessions_revoked_reason_check CHECK (revoked_reason IN
    ('sign_out', 'switched', 'reuse', 'disabled', 'password', 'displaced', 'ended', 'administrator', 'psc', 'renewed'));
-- Of a session that Pro Santé Connect opened: its issuer and session there, whose it is, and its tokens (encrypted to the
-- master key), kept for signing out and for asking whether it still stands.
ALTER TABLE control.sessions
    ADD COLUMN psc_issuer text,
    ADD COLUMN psc_sub text,
    ADD COLUMN psc_sid text,
    ADD COLUMN psc_tokens bytea,
    ADD COLUMN psc_checked_at timestamptz,
    -- Which of the person's exercises and activities the session is about.
    ADD COLUMN practice jsonb;
CREATE INDEX sessions_psc_sub ON control.sessions (psc_issuer, psc_sub) WHERE revoked_at IS NULL;
CREATE INDEX sessions_psc_tokens ON control.sessions (ends_at) WHERE psc_tokens IS NOT NULL;
