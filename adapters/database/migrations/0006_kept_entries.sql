-- What somebody was writing when the session ended: for an hour at most, until the same browser signs in again.

CREATE TABLE access.kept_entries (
    key_hash bytea PRIMARY KEY,
    account  uuid REFERENCES access.accounts ON DELETE CASCADE, -- who wrote it; NULL where nobody knows any more
    target   text NOT NULL,
    fields   bytea NOT NULL,
    kept_at  timestamptz NOT NULL,
    ends_at  timestamptz NOT NULL
);
CREATE INDEX ON access.kept_entries (account, kept_at);
CREATE INDEX ON access.kept_entries (ends_at);

GRANT SELECT, INSERT, DELETE ON access.kept_entries TO pobratim_app;
