-- What is begun in one request and finished in another, once, by the same browser: a way to Pro Santé Connect and back,
-- a sign-in that waits for its second factor, a link in a mail. Whoever holds the token finishes it; only its keyed hash
-- lies here.
CREATE TABLE control.ceremonies (
    id_hash bytea PRIMARY KEY,
    kind text NOT NULL,
    user_id uuid REFERENCES control.users ON DELETE CASCADE,
    -- Keyed hash of the cookie of the browser that began it, where it has to be the same.
    bound_to bytea,
    data jsonb NOT NULL,
    -- Wrong answers so far, where some are forgiven.
    attempts integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ceremonies_expires ON control.ceremonies (expires_at);
CREATE INDEX ceremonies_user ON control.ceremonies (user_id);
