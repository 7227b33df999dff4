-- What precedes sign-in and what a depositor holds (tower-sessions). Ids are stored hashed.
CREATE TABLE control.browsers (
    id_hash bytea PRIMARY KEY,
    data jsonb NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX browsers_expires ON control.browsers (expires_at);
