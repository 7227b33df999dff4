-- An establishment may let people in with Pro Santé Connect only. It lies here and not among the settings of the
-- establishment's own schema: it decides before a session is opened there, and whether one still stands, in the same
-- query that reads the session. Nothing may join the two kinds of schema, and a sign-in that has not succeeded yet has
-- no business in an establishment's data.
ALTER TABLE control.establishments
    ADD COLUMN psc_only boolean NOT NULL DEFAULT false,
    -- The local fallback: since when, until when, and why local accounts open sessions there all the same.
    ADD COLUMN fallback_since timestamptz,
    ADD COLUMN fallback_until timestamptz,
    ADD COLUMN fallback_reason text CHECK (length(fallback_reason) BETWEEN 1 AND 300),
    ADD CONSTRAINT establishments_fallback CHECK (
        (fallback_since IS NULL AND fallback_until IS NULL AND fallback_reason IS NULL)
        OR (psc_only AND fallback_since IS NOT NULL AND fallback_reason IS NOT NULL AND fallback_until > fallback_since
            AND fallback_until - fallback_since <= interval '24 hours'));
