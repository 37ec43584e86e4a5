-- The vault: words and persons' data that facts only refer to, so that they can be erased;
-- and the one way to append, which keeps facts, words and command keys in one transaction.

CREATE SCHEMA vault;
GRANT USAGE ON SCHEMA vault TO pobratim_app;

CREATE TABLE vault.entries (
    ref uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('rationale', 'reason', 'remark', 'person')),
    text text NOT NULL CHECK (octet_length(text) <= 200000),
    stream uuid,
    recorded_at timestamptz NOT NULL
);
COMMENT ON TABLE vault.entries IS 'Free text and natural persons'' data; an erased entry is a removed row.';
CREATE INDEX entries_of_a_stream ON vault.entries (stream);

GRANT SELECT, INSERT ON vault.entries TO pobratim_app;

-- Append a batch of requests, whole or not at all, and return the position before its first fact: the facts stand at
-- head + 1, head + 2, ... in their order. Parallel arrays: one element a request (`ends`: how many facts of the batch
-- stand up to its end), one a fact, and one an entry of the vault.
--
-- The lock comes first: whoever holds it sees everything that was appended before (READ COMMITTED: each statement
-- below has its own snapshot), so positions and moments rise in the order in which they become visible.
--
-- Errors, in this order: 23505 on commands_pkey, a key was used before (of two calls with one key, whichever comes
-- second learns about the first, also after a lost reply); 23505 on facts_pkey, somebody else has written that version;
-- PB001, a fact follows a version that is absent.
CREATE FUNCTION log.append(
    keys uuid[], digests bytea[], ends integer[],
    streams uuid[], versions integer[], topics text[], states bytea[],
    refs uuid[], kinds text[], texts text[], about uuid[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    head bigint;
    moment timestamptz;
    absent uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(7631400002);

    SELECT f.notification_id, f.recorded_at INTO head, moment
    FROM log.facts AS f ORDER BY f.notification_id DESC LIMIT 1;
    head := coalesce(head, 0);
    moment := greatest(clock_timestamp(), moment); -- never before the newest stamp; NULL counts as absent

    INSERT INTO log.commands (key, digest, position, recorded_at)
    SELECT c.key, c.digest, head + c.ended, moment FROM unnest(keys, digests, ends) AS c (key, digest, ended);

    INSERT INTO log.facts (originator_id, originator_version, topic, state, notification_id, recorded_at)
    SELECT f.stream, f.version, f.topic, f.state, head + f.n, moment
    FROM unnest(streams, versions, topics, states) WITH ORDINALITY AS f (stream, version, topic, state, n);

    SELECT f.stream INTO absent
    FROM unnest(streams, versions) AS f (stream, version)
    WHERE f.version > 1 AND NOT EXISTS (
        SELECT FROM log.facts AS p WHERE p.originator_id = f.stream AND p.originator_version = f.version - 1
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a fact of % follows a version that is absent', absent USING ERRCODE = 'PB001', DETAIL = absent;
    END IF;

    IF cardinality(refs) > 0 THEN
        INSERT INTO vault.entries (ref, kind, text, stream, recorded_at)
        SELECT e.ref, e.kind, e.text, e.stream, moment FROM unnest(refs, kinds, texts, about) AS e (ref, kind, text, stream);
    END IF;

    PERFORM pg_notify('pobratim_log', ''); -- a hint for followers: their cursor is the truth
    RETURN head;
END $$;
