-- A client of the identity provider has a public id, and a subject: a person who signs in through it has another one.

ALTER TABLE access.oidc_clients
    ADD COLUMN id      text NOT NULL UNIQUE,
    ADD COLUMN subject text NOT NULL CHECK (subject <> '');
