-- Private calendars under a secret address, and what each of them has published last: without it no program could be
-- told that a day has changed. Nothing here is a fact of a case.

CREATE SCHEMA IF NOT EXISTS office;
GRANT USAGE ON SCHEMA office TO pobratim_app;

CREATE TABLE office.calendar_feeds (
    account    uuid PRIMARY KEY REFERENCES access.accounts ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE, -- SHA-256 of the last part of the address
    made_at    timestamptz NOT NULL
);

CREATE TABLE office.calendar_items (
    account    uuid REFERENCES office.calendar_feeds ON DELETE CASCADE,
    case_id    uuid,
    step       text, -- a deed, or a sort of day
    number     text NOT NULL,
    day        date NOT NULL,
    sequence   integer NOT NULL,
    changed_at timestamptz NOT NULL,
    cancelled  boolean NOT NULL,
    PRIMARY KEY (account, case_id, step)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON office.calendar_feeds, office.calendar_items TO pobratim_app;
