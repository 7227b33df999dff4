-- People whom Pro Santé Connect identifies ask an establishment to be let in; its administrators answer.
CREATE TABLE control.access_requests (
    user_id uuid NOT NULL REFERENCES control.users ON DELETE CASCADE,
    establishment_id uuid NOT NULL REFERENCES control.establishments ON DELETE CASCADE,
    -- What the person says of themselves and of why.
    message text CHECK (length(message) BETWEEN 1 AND 300),
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, establishment_id)
);
CREATE INDEX access_requests_establishment ON control.access_requests (establishment_id, asked_at);
