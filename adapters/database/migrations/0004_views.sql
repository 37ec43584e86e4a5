-- Homes of the views: everything in them follows from the log and can be dropped and built again by the program itself.

DO $$
BEGIN
    -- Finds parts of words by index. Where the server lacks it, or the owner may not add it, the search reads more.
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    END IF;
EXCEPTION WHEN insufficient_privilege OR undefined_file THEN
    RAISE NOTICE 'pg_trgm was not added: %', SQLERRM;
END $$;

CREATE SCHEMA views AUTHORIZATION pobratim_app;
COMMENT ON SCHEMA views IS 'What the screens read. Disposable: `pobratim views rebuild` makes it anew from the log.';
CREATE SCHEMA views_next AUTHORIZATION pobratim_app;
COMMENT ON SCHEMA views_next IS 'Views that are being rebuilt or verified. Whatever is left here after a crash may go.';

CREATE TABLE views.progress (
    view text PRIMARY KEY,
    position bigint NOT NULL,
    made_by text NOT NULL,
    stopped_at bigint,
    error text,
    stopped_since timestamptz,
    CHECK ((stopped_at IS NULL) = (error IS NULL) AND (stopped_at IS NULL) = (stopped_since IS NULL))
);
ALTER TABLE views.progress OWNER TO pobratim_app;
COMMENT ON COLUMN views.progress.position IS 'The newest fact of the log that the view shows.';
COMMENT ON COLUMN views.progress.made_by IS 'Fingerprint of the tables and rules that made the view.';
COMMENT ON COLUMN views.progress.stopped_at IS 'The fact that the view could not take; it stands still before it.';
