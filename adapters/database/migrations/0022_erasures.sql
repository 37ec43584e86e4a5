-- What was erased from the vault. The fact that says so erases: nobody can do the one without the other.

CREATE TABLE vault.erasures (
    ref         uuid PRIMARY KEY,
    position    bigint NOT NULL CHECK (position > 0), -- of the fact that erased it
    erased_at   timestamptz NOT NULL,
    replaced_by uuid -- where the right text stands, if it was corrected
);
COMMENT ON TABLE vault.erasures IS 'Entries of the vault whose text was destroyed, and by which fact. It only grows.';
GRANT SELECT ON vault.erasures TO pobratim_app;

GRANT UPDATE (ends_at) ON access.kept_entries TO pobratim_app; -- a row that is locked before it is removed

CREATE INDEX facts_of_people ON log.facts (notification_id) WHERE topic LIKE 'people.%';

-- Runs as the owner: the runtime role may neither delete entries nor write here.
CREATE FUNCTION vault.erase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    fact jsonb := convert_from(NEW.state, 'UTF8')::jsonb -> 'fact';
BEGIN
    INSERT INTO vault.erasures (ref, position, erased_at, replaced_by)
    VALUES ((fact ->> 'entry')::uuid, NEW.notification_id, NEW.recorded_at, (fact ->> 'replaced_by')::uuid)
    ON CONFLICT (ref) DO NOTHING;
    DELETE FROM vault.entries WHERE ref = (fact ->> 'entry')::uuid;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION vault.erase() FROM PUBLIC;

CREATE TRIGGER erases AFTER INSERT ON log.facts FOR EACH ROW
    WHEN (NEW.topic LIKE 'people.entry-%') EXECUTE FUNCTION vault.erase();
ALTER TABLE log.facts ENABLE ALWAYS TRIGGER erases;

CREATE FUNCTION vault.refuse_silent_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM vault.erasures AS e WHERE e.ref = OLD.ref) THEN
        RAISE EXCEPTION 'an entry of the vault goes with a fact that says so, by a request of the person'
            USING ERRCODE = 'insufficient_privilege', HINT = 'See docs/personal-data.md.';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER only_by_a_fact BEFORE DELETE ON vault.entries
    FOR EACH ROW EXECUTE FUNCTION vault.refuse_silent_removal();
CREATE TRIGGER never_changes BEFORE UPDATE OR TRUNCATE ON vault.entries
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON vault.erasures
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
ALTER TABLE vault.entries ENABLE ALWAYS TRIGGER only_by_a_fact;
ALTER TABLE vault.entries ENABLE ALWAYS TRIGGER never_changes;
ALTER TABLE vault.erasures ENABLE ALWAYS TRIGGER only_grows;
