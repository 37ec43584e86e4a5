-- Cases that a person follows, and up to which position of the log they have looked at them.

CREATE SCHEMA IF NOT EXISTS office;
GRANT USAGE ON SCHEMA office TO pobratim_app;

CREATE TABLE office.followed (
    account uuid NOT NULL REFERENCES access.accounts ON DELETE CASCADE,
    case_id uuid NOT NULL,
    since   timestamptz NOT NULL,
    seen    bigint NOT NULL,
    PRIMARY KEY (account, case_id)
);
CREATE INDEX ON office.followed (case_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON office.followed TO pobratim_app;
