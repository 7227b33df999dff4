-- What the privacy notice names as the basis of the processing (RGPD, article 6). The establishment decides: public ones
-- act in the public interest, most private ones on their legitimate interest.
ALTER TABLE settings ADD COLUMN legal_basis text NOT NULL DEFAULT 'legitimate_interest'
    CHECK (legal_basis IN ('public_interest', 'legitimate_interest', 'legal_obligation'));
