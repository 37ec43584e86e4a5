-- Who may sign in, and what opens the door. Secrets are kept as SHA-256 only: 256 random bits need no slower hash.

CREATE SCHEMA access;

CREATE TABLE access.accounts (
    id               uuid PRIMARY KEY,
    name             text NOT NULL CHECK (name <> ''),
    email            text NOT NULL CHECK (email <> ''),
    email_key        text NOT NULL UNIQUE, -- the address in folded case: one person, one account
    role             text NOT NULL CHECK (role IN ('coordinator', 'officer', 'approver', 'auditor', 'administrator')),
    local_government text,
    locale           text NOT NULL CHECK (locale IN ('sr-Latn', 'sr-Cyrl', 'en')),
    password_hash    text,
    opened_at        timestamptz NOT NULL,
    disabled_at      timestamptz,
    CHECK ((role = 'officer') = (local_government IS NOT NULL))
);

CREATE VIEW access.people AS -- an account as everybody but the password check may see it
SELECT id, name, email, role, local_government, locale,
       disabled_at IS NOT NULL AS disabled, password_hash IS NOT NULL AS has_password, opened_at, email_key
FROM access.accounts;

CREATE TABLE access.sessions (
    token_hash bytea PRIMARY KEY,
    account    uuid NOT NULL REFERENCES access.accounts ON DELETE CASCADE,
    opened_at  timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL
);
CREATE INDEX ON access.sessions (account);
CREATE INDEX ON access.sessions (ends_at);

CREATE TABLE access.links (
    token_hash bytea PRIMARY KEY,
    account    uuid NOT NULL REFERENCES access.accounts ON DELETE CASCADE,
    ends_at    timestamptz NOT NULL,
    reusable   boolean NOT NULL
);
CREATE INDEX ON access.links (account);
CREATE INDEX ON access.links (ends_at);

CREATE TABLE access.tokens (
    token_hash bytea PRIMARY KEY,
    account    uuid NOT NULL REFERENCES access.accounts ON DELETE CASCADE,
    name       text NOT NULL CHECK (name <> ''),
    scopes     text[] NOT NULL CHECK (cardinality(scopes) > 0),
    ends_at    timestamptz NOT NULL
);
CREATE INDEX ON access.tokens (account);

CREATE TABLE access.attempts (
    door    bytea PRIMARY KEY, -- SHA-256 of an account's or a network address, so that neither is kept here
    count   integer NOT NULL,
    ends_at timestamptz NOT NULL
);
CREATE INDEX ON access.attempts (ends_at);

GRANT USAGE ON SCHEMA access TO pobratim_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA access TO pobratim_app;
