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
CREATE INDEX documents_received ON documents (received_at DESC, id DESC);
CREATE INDEX documents_unread ON documents (received_at DESC) WHERE unread AND deleting_since IS NULL;
CREATE INDEX documents_delete_at ON documents (delete_at) WHERE hold_reason IS NULL;
CREATE INDEX documents_code ON documents (code_id);
CREATE INDEX documents_deposit ON documents (deposit_id);
