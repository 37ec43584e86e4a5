-- Who is away, and who stands in meanwhile. No facts of a case: these name both persons where somebody stood in.

CREATE SCHEMA IF NOT EXISTS office;

CREATE TABLE office.absences (
    id         uuid PRIMARY KEY,
    account    uuid NOT NULL REFERENCES access.accounts ON DELETE CASCADE,
    substitute uuid NOT NULL REFERENCES access.accounts ON DELETE CASCADE,
    first_day  date NOT NULL,
    last_day   date NOT NULL, -- inclusive
    entered_by uuid NOT NULL,
    entered_at timestamptz NOT NULL,
    ended_by   uuid,
    ended_at   timestamptz, -- from then on it is over, whatever its last day says
    CHECK (account <> substitute),
    CHECK (first_day <= last_day)
);
CREATE INDEX ON office.absences (last_day) WHERE ended_at IS NULL;

GRANT USAGE ON SCHEMA office TO pobratim_app;
GRANT SELECT, INSERT, UPDATE ON office.absences TO pobratim_app;
