-- What a program was answered when a deed of its was carried out, so that the same request again hears the same.

CREATE TABLE access.answers (
    key      uuid PRIMARY KEY, -- of the command; it follows from the account and from what the program calls its request
    account  uuid NOT NULL REFERENCES access.accounts ON DELETE CASCADE,
    digest   bytea NOT NULL CHECK (octet_length(digest) = 32), -- SHA-256 of the request
    status   smallint NOT NULL,
    location text,
    version  integer,
    body     bytea NOT NULL CHECK (octet_length(body) <= 1000000),
    ends_at  timestamptz NOT NULL
);
COMMENT ON TABLE access.answers IS 'Answers of the API by the key of their request, for some days. The log keeps the keys themselves.';
CREATE INDEX ON access.answers (ends_at);

GRANT SELECT, INSERT, DELETE ON access.answers TO pobratim_app;
