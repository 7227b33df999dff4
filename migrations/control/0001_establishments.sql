-- Who exists on the platform. Contents live in each establishment's own schema.
CREATE TABLE control.establishments (
    id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) BETWEEN 2 AND 60),
    name text NOT NULL,
    town text NOT NULL,
    kind text NOT NULL DEFAULT 'other' CHECK (kind IN ('pharmacy', 'home_care', 'hospital', 'practice', 'other')),
    finess text CHECK (finess ~ '^([0-9]{2}|2[AB])[0-9]{7}$'),
    status text NOT NULL DEFAULT 'creating' CHECK (status IN ('creating', 'active', 'suspended', 'deleting')),
    -- The database role whose rights an establishment's transactions take (cluster-wide, hence its long name).
    db_role text NOT NULL UNIQUE,
    -- Latest tenant migration applied: an establishment behind the program's version is not served.
    schema_version bigint NOT NULL DEFAULT 0,
    -- age recipient (public half) and the identity (private half) encrypted to the platform's master key.
    recipient text NOT NULL,
    wrapped_identity bytea NOT NULL,
    -- Lower case, accents folded: what the home page searches.
    search_text text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX establishments_search ON control.establishments (search_text text_pattern_ops) WHERE status = 'active';
