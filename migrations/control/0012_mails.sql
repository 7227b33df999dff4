-- Browsers that somebody has signed in with: they are told by mail of a sign-in with another one. Only a keyed hash of the
-- browser's cookie lies here, of its own for each person.
CREATE TABLE control.known_browsers (
    user_id uuid NOT NULL REFERENCES control.users ON DELETE CASCADE,
    browser_hash bytea NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, browser_hash)
);
CREATE INDEX known_browsers_seen ON control.known_browsers (seen_at);

-- When the person last showed that mails to the address reach them.
ALTER TABLE control.users ADD COLUMN email_verified_at timestamptz;

ALTER TABLE control.sessions DROP CONSTRAINT sessions_revoked_reason_check;
ALTER TABLE control.sessions ADD CONSTRAINT sessions_revoked_reason_check CHECK (revoked_reason IN
    ('sign_out', 'switched', 'reuse', 'disabled', 'password', 'displaced', 'ended', 'administrator', 'psc', 'renewed', 'not_me'));
