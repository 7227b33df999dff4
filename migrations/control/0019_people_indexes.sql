-- What hangs on a person is found when the person goes: accounts that nobody let in anywhere are deleted, and each deletion would
-- read every session of a month, every invitation.
CREATE INDEX sessions_person ON control.sessions (user_id);
CREATE INDEX invitations_author ON control.invitations (invited_by);
-- Identities that wait to be linked: a logout at Pro Santé Connect looks among them.
CREATE INDEX ceremonies_psc_link ON control.ceremonies ((data -> 'session' ->> 'sub')) WHERE kind = 'psc_link';
