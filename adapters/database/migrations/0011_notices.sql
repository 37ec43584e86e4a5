-- What people are told, and how far the log has been read for it. Nothing here is a fact of a case.

CREATE TABLE office.notices (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account  uuid NOT NULL REFERENCES access.accounts ON DELETE CASCADE,
    source   text NOT NULL, -- such as `fact/1187`: nobody is told twice of one thing
    kind     text NOT NULL,
    case_id  uuid NOT NULL,
    tag      text NOT NULL, -- the fact's kind
    actor    uuid NOT NULL,
    at       timestamptz NOT NULL,
    read_at  timestamptz,
    UNIQUE (account, source)
);
CREATE INDEX ON office.notices (account, id);
CREATE INDEX ON office.notices (account) WHERE read_at IS NULL;

CREATE TABLE office.cursors (
    name     text PRIMARY KEY,
    position bigint NOT NULL
);
INSERT INTO office.cursors -- history tells nobody anything new
SELECT 'notices', coalesce(max(notification_id), 0) FROM log.facts;

GRANT SELECT, INSERT, UPDATE, DELETE ON office.notices TO pobratim_app;
GRANT SELECT, UPDATE ON office.cursors TO pobratim_app;
