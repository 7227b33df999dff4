-- Jobs and events of every establishment of this database. An establishment's transaction reaches them only
-- through the two functions below, which stamp the establishment: it can't act in another's name.
CREATE TABLE queue.establishments (
    db_role text PRIMARY KEY,
    establishment_id uuid NOT NULL UNIQUE
);

CREATE TABLE queue.jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Absent for the platform's own jobs.
    establishment_id uuid,
    kind text NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'dead')),
    run_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    -- A node that took the job and died gives it back when this passes.
    leased_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL
);
CREATE INDEX jobs_due ON queue.jobs (run_at) WHERE state <> 'dead';
CREATE INDEX jobs_establishment ON queue.jobs (establishment_id);

-- Periodic work: one row a kind, whatever the number of nodes.
CREATE TABLE queue.schedule (
    kind text PRIMARY KEY,
    every interval NOT NULL,
    next_at timestamptz NOT NULL
);

CREATE TABLE queue.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    establishment_id uuid NOT NULL,
    kind text NOT NULL,
    object_id uuid,
    at timestamptz NOT NULL,
    -- Readers page through the outbox by (xid, id): a row of a transaction that was open when they last looked is
    -- not skipped because a later id was visible first.
    xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX outbox_order ON queue.outbox (xid, id);
CREATE INDEX outbox_at ON queue.outbox (at);

-- `role` keeps the role that SET LOCAL ROLE named, also inside a SECURITY DEFINER function.
CREATE FUNCTION queue.caller() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = queue, pg_temp
    AS $$ SELECT establishment_id FROM queue.establishments WHERE db_role = current_setting('role') $$;

CREATE FUNCTION queue.enqueue(job_kind text, job_payload jsonb, job_run_at timestamptz, job_now timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = queue, pg_temp
    AS $$
DECLARE establishment uuid := queue.caller();
BEGIN
    IF establishment IS NULL THEN
        RAISE EXCEPTION 'no establishment in this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO queue.jobs (establishment_id, kind, payload, run_at, created_at)
    VALUES (establishment, job_kind, job_payload, job_run_at, job_now);
    PERFORM pg_notify('carelink_jobs', '');
END $$;

CREATE FUNCTION queue.publish(event_kind text, event_object uuid, event_at timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = queue, pg_temp
    AS $$
DECLARE establishment uuid := queue.caller();
BEGIN
    IF establishment IS NULL THEN
        RAISE EXCEPTION 'no establishment in this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO queue.outbox (establishment_id, kind, object_id, at)
    VALUES (establishment, event_kind, event_object, event_at);
    PERFORM pg_notify('carelink_outbox', '');
END $$;
REVOKE ALL ON FUNCTION queue.caller(), queue.enqueue(text, jsonb, timestamptz, timestamptz),
    queue.publish(text, uuid, timestamptz) FROM PUBLIC;
