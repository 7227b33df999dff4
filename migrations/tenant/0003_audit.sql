-- One row per act and per opening, written in the act's transaction. The run-time role may insert and select.
CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('staff', 'depositor', 'system')),
    actor_id uuid,
    roles text[] NOT NULL DEFAULT '{}',
    session_id uuid,
    action text NOT NULL,
    object_kind text,
    object_id uuid,
    patient_id uuid,
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
    reason text,
    address inet,
    request_id uuid
);
CREATE INDEX audit_at ON audit (at DESC, id DESC);
CREATE INDEX audit_object ON audit (object_id);
