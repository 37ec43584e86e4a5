-- Whoever looks back reads a past day from temporary tables. Everybody may make them, unless the right was taken away.

DO $$
BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO pobratim_app', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'the right to make temporary tables was not granted: %', SQLERRM;
END $$;
