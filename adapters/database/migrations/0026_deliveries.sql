-- Deliveries to subscribers by webhook: where they stand. What a subscription is stands in the log; what is here goes on
-- from there, and nothing here is proof.

CREATE SCHEMA delivery;
GRANT USAGE ON SCHEMA delivery TO pobratim_app;

CREATE TABLE delivery.secrets (
    id         uuid PRIMARY KEY, -- as facts name it
    sealed     bytea NOT NULL CHECK (octet_length(sealed) BETWEEN 29 AND 200), -- AES-256-GCM: nonce, secret, tag
    kept_under bytea NOT NULL CHECK (octet_length(kept_under) = 8), -- which key of the data folder opens it
    made_at    timestamptz NOT NULL
);
COMMENT ON TABLE delivery.secrets IS 'Secrets that sign deliveries, sealed with a key that is not in the database.';

CREATE TABLE delivery.subscriptions (
    id             uuid PRIMARY KEY, -- its stream
    applied        integer NOT NULL DEFAULT 0, -- version of the stream up to which its facts were taken into account
    cursor         bigint NOT NULL DEFAULT 0, -- every fact up to here was delivered, not let through, or waits with its case
    rounds         integer NOT NULL DEFAULT 0, -- in which the receiver took nothing, since it last took something
    failing_since  timestamptz,
    resting_until  timestamptz,
    fault          text,
    replay         integer, -- number of the one that runs
    replay_after   bigint,
    replay_until   bigint,
    CHECK (num_nulls(replay, replay_after, replay_until) IN (0, 3))
);
COMMENT ON COLUMN delivery.subscriptions.cursor IS 'A replay sets it back.';

-- A case with a fact that the receiver did not take has a cursor of its own, and the other cases go on.
CREATE TABLE delivery.cases (
    subscription uuid NOT NULL REFERENCES delivery.subscriptions ON DELETE CASCADE,
    stream       uuid NOT NULL,
    after        bigint NOT NULL, -- its facts behind this position, and up to the cursor of the subscription, wait
    attempts     integer NOT NULL,
    since        timestamptz NOT NULL,
    next_at      timestamptz NOT NULL,
    parked_at    timestamptz, -- it waits for a person
    fault        text NOT NULL,
    status       integer,
    replay       integer NOT NULL DEFAULT 0, -- what stands up to `replay_until` is sent again by this replay
    replay_until bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (subscription, stream)
);
CREATE INDEX ON delivery.cases (subscription, next_at) WHERE parked_at IS NULL;

-- What had waited when a replay began: where the replay is stopped, it waits again.
CREATE TABLE delivery.owed (
    subscription uuid NOT NULL REFERENCES delivery.subscriptions ON DELETE CASCADE,
    stream       uuid NOT NULL,
    after        bigint NOT NULL,
    PRIMARY KEY (subscription, stream)
);

CREATE TABLE delivery.deliveries (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription uuid NOT NULL REFERENCES delivery.subscriptions ON DELETE CASCADE,
    position     bigint NOT NULL, -- 0 for a test delivery
    stream       uuid,
    replay       integer NOT NULL DEFAULT 0,
    attempt      integer NOT NULL,
    sent_at      timestamptz NOT NULL,
    milliseconds integer NOT NULL,
    status       integer,
    fault        text,
    said         text -- the first words of the answer
);
CREATE INDEX ON delivery.deliveries (subscription, id);
COMMENT ON TABLE delivery.deliveries IS 'Attempts, for whoever looks for one; old ones are forgotten.';

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA delivery TO pobratim_app;

-- A mail about a subscription; its words are written when it is sent.
ALTER TABLE office.mails ADD COLUMN subscription uuid;
