-- Another e-mail address, until both the old and the new one have confirmed it.
CREATE TABLE control.email_changes (
    user_id uuid PRIMARY KEY REFERENCES control.users ON DELETE CASCADE,
    new_email text NOT NULL CHECK (new_email = lower(new_email)),
    -- Absent address of before: nothing to confirm there.
    old_confirmed_at timestamptz,
    new_confirmed_at timestamptz,
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX email_changes_expires ON control.email_changes (expires_at);
