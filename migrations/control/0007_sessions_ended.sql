-- People end their own sessions, and administrators those of their people.
ALTER TABLE control.sessions DROP CONSTRAINT sessions_revoked_reason_check;
ALTER TABLE control.sessions ADD CONSTRAINT sessions_revoked_reason_check CHECK (revoked_reason IN
    ('sign_out', 'switched', 'reuse', 'disabled', 'password', 'displaced', 'ended', 'administrator'));
