-- Registers whose signed files are believed, each for the sides that are named.

CREATE SCHEMA IF NOT EXISTS office;

CREATE TABLE office.trusted_registers (
    key      text PRIMARY KEY, -- Ed25519, base64
    name     text NOT NULL CHECK (name <> ''),
    sides    text[] NOT NULL CHECK (cardinality(sides) > 0),
    added_at timestamptz NOT NULL
);

GRANT USAGE ON SCHEMA office TO pobratim_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON office.trusted_registers TO pobratim_app;
