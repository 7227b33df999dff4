-- Second factors of local accounts.
CREATE TABLE control.totp (
    user_id uuid PRIMARY KEY REFERENCES control.users ON DELETE CASCADE,
    -- Shared secret (RFC 6238), encrypted to the master key.
    secret bytea NOT NULL,
    -- The time step that was used last: no code passes twice.
    last_step bigint NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE control.passkeys (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES control.users ON DELETE CASCADE,
    credential_id bytea NOT NULL UNIQUE,
    -- Public key and counter, as the library keeps them.
    passkey jsonb NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    created_at timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX passkeys_user ON control.passkeys (user_id);

CREATE TABLE control.recovery_codes (
    user_id uuid NOT NULL REFERENCES control.users ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (user_id, code_hash)
);

-- What the session's person has shown (RFC 8176), and when something beyond the password was last shown. Without that the
-- session opens nothing but the page where a second factor is set up.
ALTER TABLE control.sessions
    ADD COLUMN amr text[] NOT NULL DEFAULT '{pwd}',
    ADD COLUMN factor_at timestamptz;
