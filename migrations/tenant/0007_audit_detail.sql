-- What an act changed, from what to what, where its name doesn't say it: `retention_days 30 → 60`.
ALTER TABLE audit ADD COLUMN detail text;
