-- Counters of attempts. UNLOGGED: a crash forgives, and no attempt waits for the disk.
CREATE UNLOGGED TABLE control.attempts (
    -- Keyed hash of what is counted (address, account, establishment): no personal data lies here.
    bucket bytea PRIMARY KEY,
    count integer NOT NULL,
    window_ends_at timestamptz NOT NULL,
    blocked_until timestamptz
);
CREATE INDEX attempts_window ON control.attempts (window_ends_at);
