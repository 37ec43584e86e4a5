-- Tokens that can be told apart, rotated and revoked; clients of an identity provider; and how much each may ask.

ALTER TABLE access.tokens
    ADD COLUMN id             text, -- public: shown in lists, and part of the secret itself
    ADD COLUMN issued_at      timestamptz, -- NULL for tokens from before
    ADD COLUMN issued_by      uuid, -- no reference: the command line is no account
    ADD COLUMN used_at        timestamptz, -- written at most once a minute
    ADD COLUMN former_hash    bytea, -- the secret before the last rotation
    ADD COLUMN former_ends_at timestamptz,
    ADD COLUMN revoked_at     timestamptz,
    ADD CHECK ((former_hash IS NULL) = (former_ends_at IS NULL));
UPDATE access.tokens SET id = left(replace(gen_random_uuid()::text, '-', ''), 10);
ALTER TABLE access.tokens ALTER COLUMN id SET NOT NULL, ADD UNIQUE (id);
CREATE UNIQUE INDEX ON access.tokens (former_hash) WHERE former_hash IS NOT NULL;

CREATE TABLE access.oidc_clients (
    issuer    text NOT NULL, -- with another provider the same name is another client
    client    text NOT NULL CHECK (client <> ''),
    account   uuid NOT NULL REFERENCES access.accounts ON DELETE CASCADE,
    scopes    text[] NOT NULL CHECK (cardinality(scopes) > 0),
    added_at  timestamptz NOT NULL,
    added_by  uuid NOT NULL,
    used_at   timestamptz,
    PRIMARY KEY (issuer, client)
);
CREATE INDEX ON access.oidc_clients (account);

CREATE UNLOGGED TABLE access.allowances ( -- after a crash every bucket is full again
    key   bytea PRIMARY KEY, -- SHA-256 of who asks
    level double precision NOT NULL,
    at    timestamptz NOT NULL
);
CREATE INDEX ON access.allowances (at);

GRANT SELECT, INSERT, UPDATE, DELETE ON access.oidc_clients, access.allowances TO pobratim_app;
