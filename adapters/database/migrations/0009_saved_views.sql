-- What people of the office keep for themselves and for each other, and what is no fact of a case.

CREATE SCHEMA IF NOT EXISTS office;
GRANT USAGE ON SCHEMA office TO pobratim_app;

CREATE TABLE office.saved_views (
    id       uuid PRIMARY KEY,
    owner    uuid NOT NULL REFERENCES access.accounts ON DELETE CASCADE,
    name     text NOT NULL CHECK (name <> '' AND length(name) <= 80),
    query    text NOT NULL CHECK (length(query) <= 4000), -- of the register's address: filters, columns, order
    shared   boolean NOT NULL,
    saved_at timestamptz NOT NULL,
    UNIQUE (owner, name)
);
CREATE INDEX ON office.saved_views (name) WHERE shared;

GRANT SELECT, INSERT, UPDATE, DELETE ON office.saved_views TO pobratim_app;
