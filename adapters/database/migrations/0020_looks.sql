-- Who looked at what is sensitive. It stands outside the log: looking is no fact of a case, and it is kept for a time only.

CREATE TABLE access.looks (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account uuid NOT NULL,
    hour    timestamptz NOT NULL CHECK (hour = date_trunc('hour', hour, 'UTC')),
    place   text NOT NULL CHECK (length(place) BETWEEN 1 AND 40),
    subject uuid NOT NULL, -- stream of the case or partner; all zeros for no single one
    version integer NOT NULL CHECK (version >= 0), -- newest record of the subject whose words were shown
    UNIQUE (account, hour, place, subject, version)
);
COMMENT ON TABLE access.looks IS 'A row a person, hour, page and state of a case: whose words of the vault were shown.';
CREATE INDEX ON access.looks (account, id);
CREATE INDEX ON access.looks (subject, id);
CREATE INDEX ON access.looks (hour, id);

GRANT SELECT, INSERT ON access.looks TO pobratim_app;

-- The program may forget what is old, and nothing else.
CREATE FUNCTION access.forget_looks() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH gone AS (DELETE FROM access.looks WHERE hour < clock_timestamp() - interval '2 years' RETURNING 1)
    SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION access.forget_looks() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.forget_looks() TO pobratim_app;
