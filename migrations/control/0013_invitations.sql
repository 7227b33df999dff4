-- Somebody is invited by mail into an establishment. Whoever holds the link comes in with the account that they have, or makes
-- one; its token lies here as a keyed hash only, and there is none before the mail goes.
CREATE TABLE control.invitations (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES control.establishments ON DELETE CASCADE,
    email text NOT NULL CHECK (email = lower(email)),
    roles text[] NOT NULL CHECK (cardinality(roles) > 0),
    language text NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en')),
    invited_by uuid REFERENCES control.users ON DELETE SET NULL,
    invited_at timestamptz NOT NULL,
    token_hash bytea UNIQUE,
    expires_at timestamptz NOT NULL,
    UNIQUE (establishment_id, email)
);
CREATE INDEX invitations_expires ON control.invitations (expires_at);
