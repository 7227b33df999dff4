-- Establishments that said no to somebody who asked to be let in: kept for a month, so that whoever comes back later reads it.
CREATE TABLE control.access_refusals (
    user_id uuid NOT NULL REFERENCES control.users ON DELETE CASCADE,
    establishment_id uuid NOT NULL REFERENCES control.establishments ON DELETE CASCADE,
    declined_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, establishment_id)
);
CREATE INDEX access_refusals_declined ON control.access_refusals (declined_at);
CREATE INDEX access_refusals_establishment ON control.access_refusals (establishment_id);
