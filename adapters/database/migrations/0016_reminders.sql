-- Reminders that were given: each once, whoever goes through the days, however often.

CREATE SCHEMA IF NOT EXISTS office;
GRANT USAGE ON SCHEMA office TO pobratim_app;

CREATE TABLE office.reminders (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- rises with each; one process gives them at a time
    id       uuid NOT NULL UNIQUE, -- of case, step, kind and days; the same for ever
    case_id  uuid NOT NULL,
    kind     text NOT NULL,
    deed     text NOT NULL,
    due      date NOT NULL,
    on_day   date NOT NULL, -- the day of the reminder; it may be given later, where nobody swept that day
    given_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

GRANT SELECT, INSERT ON office.reminders TO pobratim_app;
