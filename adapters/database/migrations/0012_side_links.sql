-- One-time links by which a side abroad gives its own word, without an account.

CREATE TABLE access.side_links (
    token_hash bytea PRIMARY KEY,
    number     text NOT NULL,
    party      text NOT NULL,
    locale     text NOT NULL,
    asked_by   uuid NOT NULL,
    ends_at    timestamptz NOT NULL
);
CREATE INDEX ON access.side_links (ends_at);

GRANT SELECT, INSERT, DELETE ON access.side_links TO pobratim_app;
