-- Grows with each change: who saves what was read before another change is told so, and overwrites nothing.
ALTER TABLE settings ADD COLUMN version bigint NOT NULL DEFAULT 1;
