-- People, the establishments that they belong to, and their sessions.
CREATE TABLE control.users (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (email = lower(email)),
    given_name text NOT NULL,
    family_name text NOT NULL,
    -- Names and address in lower case, accents folded: what lists search.
    search_text text NOT NULL,
    language text NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en')),
    -- PHC string (Argon2id); absent for people who only use Pro Santé Connect.
    password_hash text,
    password_changed_at timestamptz,
    platform_administrator boolean NOT NULL DEFAULT false,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL
);

CREATE TABLE control.memberships (
    user_id uuid NOT NULL REFERENCES control.users ON DELETE CASCADE,
    establishment_id uuid NOT NULL REFERENCES control.establishments ON DELETE CASCADE,
    roles text[] NOT NULL CHECK (cardinality(roles) > 0),
    disabled_at timestamptz,
    -- In this establishment: what somebody does elsewhere is not its administrators' to know.
    last_sign_in_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, establishment_id)
);
CREATE INDEX memberships_establishment ON control.memberships (establishment_id);

-- The session row is the authority: tokens only point at it.
CREATE TABLE control.sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES control.users ON DELETE CASCADE,
    establishment_id uuid REFERENCES control.establishments ON DELETE CASCADE,
    method text NOT NULL CHECK (method IN ('password')),
    transport text NOT NULL CHECK (transport IN ('cookie', 'bearer')),
    authenticated_at timestamptz NOT NULL,
    last_active_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    -- Rotation of the refresh token: the generation that is good now, and when the two before it were used.
    refresh_secret bytea NOT NULL,
    generation integer NOT NULL DEFAULT 0,
    rotated_at timestamptz,
    rotated_before_at timestamptz,
    revoked_at timestamptz,
    revoked_reason text CHECK (revoked_reason IN ('sign_out', 'switched', 'reuse', 'disabled', 'password', 'displaced')),
    address inet,
    user_agent text
);
CREATE INDEX sessions_user ON control.sessions (user_id) WHERE revoked_at IS NULL;
CREATE INDEX sessions_ends ON control.sessions (ends_at);
CREATE INDEX sessions_establishment ON control.sessions (establishment_id);
