CREATE TABLE settings (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    address text,
    phone text,
    opening_note text,
    privacy_contact text,
    retention_days integer NOT NULL DEFAULT 30 CHECK (retention_days BETWEEN 1 AND 365),
    max_file_mebibytes integer NOT NULL DEFAULT 10 CHECK (max_file_mebibytes BETWEEN 1 AND 2048),
    -- Room for all documents together.
    max_total_mebibytes bigint NOT NULL DEFAULT 51200 CHECK (max_total_mebibytes > 0),
    time_zone text NOT NULL DEFAULT 'Europe/Paris',
    drop_metadata boolean NOT NULL DEFAULT true
);
INSERT INTO settings DEFAULT VALUES;
