-- Kinds of mails that somebody does not want. Those about the safety of their own account can't be refused.
ALTER TABLE control.users ADD COLUMN unwanted_mails text[] NOT NULL DEFAULT '{}'
    CHECK (unwanted_mails <@ ARRAY['access_requests', 'guessing', 'registrations']);

-- Whom registrations are told.
CREATE INDEX users_platform_administrators ON control.users (id) WHERE platform_administrator;
