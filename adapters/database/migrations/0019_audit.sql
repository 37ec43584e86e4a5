-- What an auditor searches the log by. Everything here follows from the log and is made anew where it is missing.

CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO pobratim_app;

-- One row a fact. It is filled behind the log, so that appending and projecting do nothing for it.
CREATE TABLE audit.facts (
    position     bigint PRIMARY KEY,
    stream       uuid NOT NULL,
    topic        text NOT NULL,
    recorded_at  timestamptz NOT NULL,
    actor        uuid, -- NULL where the fact is no JSON that names one
    on_behalf_of uuid
);
COMMENT ON TABLE audit.facts IS 'An index of log.facts: who, for whom, when, what kind. The facts themselves stand in the log.';
CREATE INDEX ON audit.facts (stream, position);
CREATE INDEX ON audit.facts (topic, position);
CREATE INDEX ON audit.facts (actor, position);
CREATE INDEX ON audit.facts (on_behalf_of, position) WHERE on_behalf_of IS NOT NULL;
CREATE INDEX ON audit.facts (recorded_at, position);

-- One row for each time that a case stood in a stage.
CREATE TABLE audit.stays (
    case_id uuid NOT NULL,
    number  integer NOT NULL, -- first to last
    stage   text NOT NULL,
    kind    text NOT NULL,
    since   date NOT NULL,
    until   date, -- NULL where it still stands there
    ended_by bigint, -- position of the fact by which it left
    PRIMARY KEY (case_id, number),
    CHECK ((until IS NULL) = (ended_by IS NULL))
);
CREATE INDEX ON audit.stays (stage, ended_by) WHERE ended_by IS NOT NULL;
CREATE INDEX ON audit.stays (ended_by) WHERE ended_by IS NOT NULL;

CREATE TABLE audit.progress (
    name     text PRIMARY KEY,
    position bigint NOT NULL,
    made_by  text NOT NULL -- another rule or newer facts call for the table to be made anew
);
INSERT INTO audit.progress (name, position, made_by) VALUES ('facts', 0, ''), ('stays', 0, '');

GRANT SELECT, INSERT, DELETE ON audit.facts, audit.stays TO pobratim_app;
GRANT SELECT, UPDATE ON audit.progress TO pobratim_app;

-- Saved inquiries of the log stand beside the saved views of the register.
ALTER TABLE office.saved_views ADD COLUMN list text NOT NULL DEFAULT 'register' CHECK (list IN ('register', 'log'));
ALTER TABLE office.saved_views DROP CONSTRAINT saved_views_owner_name_key;
ALTER TABLE office.saved_views ADD UNIQUE (owner, list, name);
