-- The seal: a tree of hashes over the facts, and the checkpoints that were signed. The sealer adds, everybody else reads.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pobratim_sealer') THEN
        BEGIN
            CREATE ROLE pobratim_sealer NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database was migrated at the same moment
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'pobratim_sealer',
                       CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        GRANT pobratim_sealer TO CURRENT_USER;
    END IF;
END $$;

CREATE SCHEMA seal;
GRANT USAGE ON SCHEMA seal TO pobratim_app, pobratim_sealer;
GRANT USAGE ON SCHEMA log TO pobratim_sealer;
GRANT SELECT ON log.facts TO pobratim_sealer;

CREATE TABLE seal.trees (
    number          integer PRIMARY KEY CHECK (number > 0),
    origin          text NOT NULL UNIQUE,
    opened_at       timestamptz NOT NULL,
    reason          text, -- why the tree before it is not gone on with
    previous_origin text,
    previous_size   bigint,
    previous_root   bytea CHECK (octet_length(previous_root) = 32),
    CHECK (num_nulls(previous_origin, previous_size, previous_root, reason) IN (0, 4))
);
COMMENT ON TABLE seal.trees IS 'Origins: one, and a later one after each restore to less. The newest is gone on with.';

CREATE TABLE seal.tiles (
    tree           integer NOT NULL REFERENCES seal.trees,
    level          smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
    n              bigint NOT NULL CHECK (n >= 0),
    hashes         bytea NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
    first_position bigint, -- of the facts whose leaves stand in it, level 0 only
    last_position  bigint CHECK (last_position >= first_position),
    PRIMARY KEY (tree, level, n),
    CHECK ((level = 0) = (first_position IS NOT NULL) AND (level = 0) = (last_position IS NOT NULL))
);
ALTER TABLE seal.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL; -- hashes cannot be compressed
CREATE INDEX ON seal.tiles (tree, first_position) WHERE level = 0;
COMMENT ON TABLE seal.tiles IS 'C2SP tlog-tiles of height 8. The index of a fact is its rank within the tile of its position.';

CREATE TABLE seal.checkpoints (
    number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tree        integer NOT NULL REFERENCES seal.trees,
    size        bigint NOT NULL CHECK (size >= 0),
    note        text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('regular', 'daily')),
    recorded_at timestamptz, -- of the newest sealed fact
    made_at     timestamptz NOT NULL
);
CREATE INDEX ON seal.checkpoints (tree, size);
COMMENT ON TABLE seal.checkpoints IS 'Signed notes as they were made; each as large as the one before it or larger.';

GRANT SELECT ON seal.trees, seal.tiles, seal.checkpoints TO pobratim_app;
GRANT SELECT, INSERT ON seal.trees, seal.tiles, seal.checkpoints TO pobratim_sealer;
GRANT UPDATE (hashes, last_position) ON seal.tiles TO pobratim_sealer;

CREATE FUNCTION seal.only_fill_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.tree, NEW.level, NEW.n, NEW.first_position) IS DISTINCT FROM (OLD.tree, OLD.level, OLD.n, OLD.first_position)
       OR octet_length(NEW.hashes) <= octet_length(OLD.hashes)
       OR substr(NEW.hashes, 1, octet_length(OLD.hashes)) <> OLD.hashes
       OR NEW.last_position < OLD.last_position
    THEN
        RAISE EXCEPTION 'a tile of the seal only grows' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION seal.only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM seal.checkpoints AS c WHERE c.tree > NEW.tree OR (c.tree = NEW.tree AND c.size > NEW.size)) THEN
        RAISE EXCEPTION 'a larger checkpoint was sealed before' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER only_fills_up BEFORE UPDATE ON seal.tiles FOR EACH ROW EXECUTE FUNCTION seal.only_fill_up();
CREATE TRIGGER grows BEFORE INSERT ON seal.checkpoints FOR EACH ROW EXECUTE FUNCTION seal.only_grow();
CREATE TRIGGER only_grows BEFORE DELETE OR TRUNCATE ON seal.tiles
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.trees
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
ALTER TABLE seal.tiles ENABLE ALWAYS TRIGGER only_fills_up;
ALTER TABLE seal.tiles ENABLE ALWAYS TRIGGER only_grows;
ALTER TABLE seal.trees ENABLE ALWAYS TRIGGER only_grows;
ALTER TABLE seal.checkpoints ENABLE ALWAYS TRIGGER grows;
ALTER TABLE seal.checkpoints ENABLE ALWAYS TRIGGER only_grows;
