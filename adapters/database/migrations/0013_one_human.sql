-- Accounts of one human share a value here; NULL where somebody has one account only. For four eyes, not for signing in.

ALTER TABLE access.accounts ADD COLUMN human uuid;
CREATE INDEX ON access.accounts (human) WHERE human IS NOT NULL;

CREATE OR REPLACE VIEW access.people AS
SELECT id, name, email, role, local_government, locale, disabled_at IS NOT NULL AS disabled,
       password_hash IS NOT NULL AS has_password, opened_at, email_key, signed_in_at, human
FROM access.accounts;
