-- Establishments that somebody has registered and that nobody has let in yet. Nothing is created before the mailbox of the first
-- administrator has answered, and before somebody has approved it where that is the rule.
CREATE TABLE control.registrations (
    -- The establishment takes it over: a creation that broke off goes on as the same one.
    id uuid PRIMARY KEY,
    name text NOT NULL,
    town text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pharmacy', 'home_care', 'hospital', 'practice', 'other')),
    finess text CHECK (finess ~ '^([0-9]{2}|2[AB])[0-9]{7}$'),
    -- Name and town as in control.establishments.
    search_text text NOT NULL,
    -- Of whoever is to be its first administrator.
    given_name text NOT NULL,
    family_name text NOT NULL,
    email text NOT NULL CHECK (email = lower(email)),
    -- What they do there beside administering, if anything.
    role text,
    language text NOT NULL CHECK (language IN ('fr', 'en')),
    asked_at timestamptz NOT NULL,
    -- Keyed hash of the mailed link's token; there is none before the mail goes.
    token_hash bytea UNIQUE,
    confirmed_at timestamptz,
    -- Its creation has begun: it can no longer be turned down.
    approved_at timestamptz,
    -- Of the link, and from the confirmation on of the whole: nobody's name waits for ever.
    expires_at timestamptz NOT NULL
);
CREATE INDEX registrations_expires ON control.registrations (expires_at);
CREATE INDEX registrations_confirmed ON control.registrations (confirmed_at, id) WHERE confirmed_at IS NOT NULL;

-- The first administrator of an establishment is invited by the platform: nobody there could.
ALTER TABLE control.invitations
    ADD COLUMN by_platform boolean NOT NULL DEFAULT false,
    -- As they were given with the registration.
    ADD COLUMN given_name text,
    ADD COLUMN family_name text;

-- Whether an establishment is there already, or waits: the same site of the register, or name and town of the same letters.
CREATE INDEX establishments_finess ON control.establishments (finess);
CREATE INDEX establishments_letters ON control.establishments (regexp_replace(search_text, '[^a-z0-9]+', '', 'g'));
CREATE INDEX registrations_finess ON control.registrations (finess);
CREATE INDEX registrations_letters ON control.registrations (regexp_replace(search_text, '[^a-z0-9]+', '', 'g'));
