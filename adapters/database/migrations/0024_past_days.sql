-- What a register of a past day is put together from. Everything here follows from the log and is made anew where it is missing.

CREATE SCHEMA past;
GRANT USAGE, CREATE ON SCHEMA past TO pobratim_app;

CREATE TABLE past.progress (
    name     text PRIMARY KEY,
    position bigint NOT NULL,
    made_by  text NOT NULL -- another rule calls for the table to be made anew
);
COMMENT ON TABLE past.progress IS 'How far in the log the tables of this schema are filled; they are made by the program.';
INSERT INTO past.progress (name, position, made_by) VALUES ('register_days', 0, '');
GRANT SELECT, UPDATE ON past.progress TO pobratim_app;
