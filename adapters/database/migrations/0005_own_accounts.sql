-- What an account tells about signing in: when somebody last did, and whether a session began with a one-time link.

ALTER TABLE access.accounts ADD COLUMN signed_in_at timestamptz;

ALTER TABLE access.sessions ADD COLUMN linked_at timestamptz; -- NULL where a password opened it

CREATE OR REPLACE VIEW access.people AS
SELECT id, name, email, role, local_government, locale,
       disabled_at IS NOT NULL AS disabled, password_hash IS NOT NULL AS has_password, opened_at, email_key, signed_in_at
FROM access.accounts;
