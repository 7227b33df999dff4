-- What an act changed, from what to what, where its name doesn't say it.
ALTER TABLE control.audit ADD COLUMN detail text;
