-- The platform's own audit: sign-ins and acts that belong to no establishment.
CREATE TABLE control.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'anonymous', 'system')),
    actor_id uuid,
    session_id uuid,
    action text NOT NULL,
    object_kind text,
    object_id uuid,
    -- The one that it concerns, if any.
    establishment_id uuid,
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
    reason text,
    address inet,
    request_id uuid
);
CREATE INDEX audit_at ON control.audit (at);
CREATE INDEX audit_actor ON control.audit (actor_id, at);
