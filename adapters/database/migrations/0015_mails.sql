-- Mail that waits to be sent, what people chose about it, and addresses that are none.

CREATE TABLE office.notice_choices (
    account uuid REFERENCES access.accounts ON DELETE CASCADE,
    kind    text,
    by      text NOT NULL CHECK (by IN ('at_once', 'digest', 'none')),
    PRIMARY KEY (account, kind)
);

CREATE TABLE office.mails (
    id          uuid PRIMARY KEY, -- follows from what it tells: nothing is sent twice, also where a clock jumps
    account     uuid NOT NULL REFERENCES access.accounts ON DELETE CASCADE,
    digest      boolean NOT NULL,
    made_at     timestamptz NOT NULL,
    next_at     timestamptz NOT NULL,
    attempts    integer NOT NULL DEFAULT 0,
    fault       text,
    sent_at     timestamptz,
    given_up_at timestamptz
);
CREATE INDEX ON office.mails (next_at) WHERE sent_at IS NULL AND given_up_at IS NULL;
CREATE INDEX ON office.mails (made_at);

ALTER TABLE office.notices
    ADD COLUMN digest boolean NOT NULL DEFAULT false, -- it waits for one, as long as `mail` is NULL
    ADD COLUMN mail uuid; -- the one that tells it
CREATE INDEX ON office.notices (account) WHERE digest AND mail IS NULL AND read_at IS NULL;
CREATE INDEX ON office.notices (mail) WHERE mail IS NOT NULL;

CREATE TABLE office.unreachable (
    account uuid PRIMARY KEY REFERENCES access.accounts ON DELETE CASCADE,
    address text NOT NULL, -- another one is another matter
    since   timestamptz NOT NULL,
    reply   text NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON office.notice_choices, office.mails, office.unreachable TO pobratim_app;
