-- A depositor's visit under a code. It holds one of the code's uses while `reserved_until` runs, and for good once the
-- first file is committed.
CREATE TABLE deposits (
    id uuid PRIMARY KEY,
    code_id uuid NOT NULL REFERENCES codes,
    -- Short, printed on the receipt, good for a telephone call.
    reference text NOT NULL UNIQUE,
    capability_hmac bytea NOT NULL UNIQUE,
    receipt_hmac bytea NOT NULL UNIQUE,
    opened_at timestamptz NOT NULL,
    reserved_until timestamptz NOT NULL,
    committed_at timestamptz,
    closed_at timestamptz,
    withdrawn_at timestamptz
);
CREATE INDEX deposits_code ON deposits (code_id);
-- Receipts end after 400 days.
CREATE INDEX deposits_opened ON deposits (opened_at);

-- States and times of one file for the receipt, without name or content: it outlives the document.
CREATE TABLE deposit_items (
    id uuid PRIMARY KEY,
    deposit_id uuid NOT NULL REFERENCES deposits ON DELETE CASCADE,
    ordinal integer NOT NULL,
    -- From the depositor's device: the same key is the same file, however often it is sent.
    idempotency_key text NOT NULL,
    state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'checked', 'unreadable')),
    received_at timestamptz NOT NULL,
    seen_at timestamptz,
    deleted_at timestamptz,
    deletion text CHECK (deletion IN ('retention', 'staff', 'withdrawn')),
    UNIQUE (deposit_id, idempotency_key),
    UNIQUE (deposit_id, ordinal)
);
-- The home page counts those of the last thirty days.
CREATE INDEX deposit_items_received ON deposit_items (received_at);

-- What must vanish: deleting the row destroys the key, for `header` wraps the file's key.
CREATE TABLE documents (
    id uuid PRIMARY KEY,
    item_id uuid NOT NULL UNIQUE REFERENCES deposit_items,
    deposit_id uuid NOT NULL REFERENCES deposits,
    code_id uuid NOT NULL REFERENCES codes,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pdf', 'jpeg', 'png')),
    size bigint NOT NULL CHECK (size > 0),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    -- age header (age-encryption.org/v1); the payload lies in the object store under `blob`.
    header bytea NOT NULL,
    blob text NOT NULL UNIQUE,
    state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'checked', 'unreadable')),
    pages integer,
    received_at timestamptz NOT NULL,
    seen_at timestamptz,
    seen_by uuid REFERENCES staff,
    -- Marks of the staff's list.
    unread boolean NOT NULL DEFAULT true,
    done_at timestamptz,
    done_by uuid REFERENCES staff,
    delete_at timestamptz NOT NULL,
    hold_reason text,
    -- Asked to go: unreadable at once, erased when the time for undoing has passed.
    deleting_since timestamptz,
    -- Lower case, accents folded: label, reference and name.
    search_text text NOT NULL
);
-- The inbox in its usual order, one index for each of its filters.
CREATE INDEX documents_received ON documents (received_at DESC, id DESC) WHERE deleting_since IS NULL;
CREATE INDEX documents_unread ON documents (received_at DESC, id DESC) WHERE unread AND deleting_since IS NULL;
CREATE INDEX documents_seen ON documents (received_at DESC, id DESC)
    WHERE NOT unread AND done_at IS NULL AND deleting_since IS NULL;
CREATE INDEX documents_done ON documents (received_at DESC, id DESC)
    WHERE done_at IS NOT NULL AND deleting_since IS NULL;
CREATE INDEX documents_delete_at ON documents (delete_at) WHERE hold_reason IS NULL;
CREATE INDEX documents_code ON documents (code_id);
CREATE INDEX documents_deposit ON documents (deposit_id);

-- How many documents each filter of the inbox finds, and how much room all take: every page of the portal and every
-- deposit asks, and counting takes the longer the more there are. Kept by the statements that change them, in their transaction. Who changes several documents
-- locks all of them before this row.
CREATE TABLE inbox (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    listed bigint NOT NULL DEFAULT 0,
    unread bigint NOT NULL DEFAULT 0,
    seen bigint NOT NULL DEFAULT 0,
    done bigint NOT NULL DEFAULT 0,
    -- Of every document, those being deleted included: they take room until they are erased.
    bytes bigint NOT NULL DEFAULT 0
);
INSERT INTO inbox DEFAULT VALUES;

-- A document may be unread and done at once: the three parts need not add up to the whole.
CREATE FUNCTION count_inbox() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    change record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT count(*) FILTER (WHERE listed) AS listed, count(*) FILTER (WHERE listed AND unread) AS unread,
            count(*) FILTER (WHERE listed AND NOT unread AND done_at IS NULL) AS seen,
            count(*) FILTER (WHERE listed AND done_at IS NOT NULL) AS done, coalesce(sum(size), 0) AS bytes
        INTO change FROM (SELECT *, deleting_since IS NULL AS listed FROM added) AS new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT -count(*) FILTER (WHERE listed) AS listed, -count(*) FILTER (WHERE listed AND unread) AS unread,
            -count(*) FILTER (WHERE listed AND NOT unread AND done_at IS NULL) AS seen,
            -count(*) FILTER (WHERE listed AND done_at IS NOT NULL) AS done, -coalesce(sum(size), 0) AS bytes
        INTO change FROM (SELECT *, deleting_since IS NULL AS listed FROM gone) AS old_rows;
    ELSE
        SELECT coalesce(sum(n) FILTER (WHERE listed), 0) AS listed, coalesce(sum(n) FILTER (WHERE listed AND unread), 0) AS unread,
            coalesce(sum(n) FILTER (WHERE listed AND NOT unread AND done_at IS NULL), 0) AS seen,
            coalesce(sum(n) FILTER (WHERE listed AND done_at IS NOT NULL), 0) AS done, coalesce(sum(n * size), 0) AS bytes
        INTO change
        FROM (SELECT 1 AS n, unread, done_at, size, deleting_since IS NULL AS listed FROM added
              UNION ALL SELECT -1, unread, done_at, size, deleting_since IS NULL FROM gone) AS both_sides;
    END IF;
    IF (change.listed, change.unread, change.seen, change.done, change.bytes) <> (0, 0, 0, 0, 0) THEN
        UPDATE inbox SET listed = inbox.listed + change.listed, unread = inbox.unread + change.unread,
            seen = inbox.seen + change.seen, done = inbox.done + change.done, bytes = inbox.bytes + change.bytes;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER documents_added AFTER INSERT ON documents REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_inbox();
CREATE TRIGGER documents_gone AFTER DELETE ON documents REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION count_inbox();
CREATE TRIGGER documents_changed AFTER UPDATE ON documents REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_inbox();
