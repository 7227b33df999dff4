-- What takes a session's place (a step-up, another establishment, a linked identity) is of the same sign-in: signing out ends
-- whatever has taken the place of the session that asks, even if that happened a moment ago.

ALTER TABLE control.sessions
    -- The session that the sign-in began with; absent in that one, and in those of before.
    ADD COLUMN began_as uuid;
