CREATE TABLE codes (
    id uuid PRIMARY KEY,
    -- Keyed hashes (the pepper lies outside the database). They stay for 90 days after the code's end, so that a
    -- value is not issued again while somebody may still hold it on paper.
    value_hmac bytea UNIQUE,
    token_hmac bytea UNIQUE,
    -- Value and token, encrypted to the establishment's key; wiped when the code ends.
    sealed bytea,
    label text NOT NULL,
    -- The label in lower case, accents folded.
    search_text text NOT NULL,
    note text,
    max_deposits integer NOT NULL CHECK (max_deposits BETWEEN 1 AND 50),
    max_files integer NOT NULL CHECK (max_files BETWEEN 1 AND 20),
    uses integer NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND max_deposits),
    author_id uuid NOT NULL REFERENCES staff,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_at timestamptz
);
CREATE INDEX codes_created ON codes (created_at DESC, id DESC);
CREATE INDEX codes_expires ON codes (expires_at);
