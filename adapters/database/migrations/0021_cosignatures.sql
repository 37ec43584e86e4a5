-- Witnesses: what others have signed of our checkpoints, and how each of them answered when it was last asked.

CREATE TABLE seal.cosignatures (
    checkpoint bigint NOT NULL REFERENCES seal.checkpoints,
    witness    text NOT NULL, -- its verifier key
    line       text NOT NULL, -- as it stands under the note, with its line feed
    signed_at  timestamptz NOT NULL, -- by the clock of the witness
    kept_at    timestamptz NOT NULL,
    PRIMARY KEY (checkpoint, witness)
);
CREATE INDEX ON seal.cosignatures (witness, checkpoint);
COMMENT ON TABLE seal.cosignatures IS 'Cosignatures of C2SP tlog-cosignature (v1), each verified before it was kept.';

CREATE TABLE seal.witnesses (
    witness     text PRIMARY KEY, -- its verifier key
    asked_at    timestamptz NOT NULL,
    fault       text, -- why it did not cosign; NULL where it did
    fault_since timestamptz,
    CHECK ((fault IS NULL) = (fault_since IS NULL))
);
COMMENT ON TABLE seal.witnesses IS 'The last answer of each witness, for health and doctor; no proof rests on it.';

GRANT SELECT ON seal.cosignatures, seal.witnesses TO pobratim_app, pobratim_sealer;
GRANT INSERT ON seal.cosignatures, seal.witnesses TO pobratim_sealer;
GRANT UPDATE (asked_at, fault, fault_since) ON seal.witnesses TO pobratim_sealer;

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.cosignatures
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
ALTER TABLE seal.cosignatures ENABLE ALWAYS TRIGGER only_grows;
