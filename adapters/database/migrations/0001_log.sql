-- The log of facts. The runtime role may add and read; nobody changes or removes what stands in it.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pobratim_app') THEN
        BEGIN
            CREATE ROLE pobratim_app NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- roles belong to the whole server: another database was migrated at the same moment
        END;
    END IF;
    -- Since PostgreSQL 16 a role may belong to another without the right to act as it.
    IF NOT pg_has_role(current_user, 'pobratim_app',
                       CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        GRANT pobratim_app TO CURRENT_USER;
    END IF;
END $$;

GRANT USAGE ON SCHEMA migrations TO pobratim_app;
GRANT SELECT ON migrations.applied TO pobratim_app;

CREATE SCHEMA log;
GRANT USAGE ON SCHEMA log TO pobratim_app;

-- Column names as the event store library has them.
CREATE TABLE log.facts (
    originator_id uuid NOT NULL,
    originator_version integer NOT NULL CHECK (originator_version > 0),
    topic text NOT NULL CHECK (length(topic) BETWEEN 3 AND 200),
    state bytea NOT NULL CHECK (octet_length(state) BETWEEN 2 AND 1000000),
    notification_id bigint NOT NULL CHECK (notification_id > 0),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (originator_id, originator_version),
    UNIQUE (notification_id)
);
COMMENT ON TABLE log.facts IS 'What happened, in one order (notification_id). Never changed, never removed.';

-- One command key has one effect, however often the command is sent.
CREATE TABLE log.commands (
    key uuid PRIMARY KEY,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL
);
COMMENT ON TABLE log.commands IS 'Requests that were kept: SHA-256 of the request, and the position of its last fact.';

CREATE VIEW log.readable AS
SELECT notification_id AS position, recorded_at, originator_id AS stream, originator_version AS version, topic,
       convert_from(state, 'UTF8')::jsonb AS state
FROM log.facts;
COMMENT ON VIEW log.readable IS 'The facts for people: the body as JSON.';

GRANT SELECT, INSERT ON log.facts, log.commands TO pobratim_app;
GRANT SELECT ON log.readable TO pobratim_app;

CREATE FUNCTION log.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%.% only grows: % is refused for everybody', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Correct a mistake by a new fact.';
END $$;

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON log.facts
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON log.commands
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
-- ALWAYS: also for a session that calls itself a replica.
ALTER TABLE log.facts ENABLE ALWAYS TRIGGER only_grows;
ALTER TABLE log.commands ENABLE ALWAYS TRIGGER only_grows;
