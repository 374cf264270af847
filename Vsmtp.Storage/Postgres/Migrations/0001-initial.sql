-- Times are microseconds since 1970-01-01 UTC, as in the SQLite store. Why a column is there: docs/design/002-store.md.

-- The store's time is the database's, whichever process asks.
CREATE FUNCTION store_now() RETURNS bigint LANGUAGE sql STABLE
AS $$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint $$;

CREATE TABLE mail (
  id          text COLLATE "C" PRIMARY KEY,
  version     bigint  NOT NULL,              -- the ETag
  queue       text COLLATE "C" NOT NULL,     -- as operators write it
  phase       text    NOT NULL,
  quarantine  text,
  wake_at     bigint,                        -- null: waits for an operator, or has ended
  busy_by     text,                          -- the incarnation that works on it
  rule_set    text COLLATE "C" NOT NULL,
  sender      text    NOT NULL,
  recipients  text    NOT NULL,              -- JSON array of addresses
  subject     text    NOT NULL,
  bytes       bigint  NOT NULL,
  since       bigint  NOT NULL,
  attempts    bigint  NOT NULL,
  reason      text    NOT NULL,
  original    text,                          -- keys of the contents that this row owns
  content     text,
  events      bigint  NOT NULL,              -- how many events it has: the number of the next one
  ended_at    bigint,
  state       text    NOT NULL               -- JSON of MailState
);

CREATE INDEX mail_wake ON mail (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX mail_busy ON mail (busy_by) WHERE busy_by IS NOT NULL;
CREATE INDEX mail_queue ON mail (queue, since, id) WHERE ended_at IS NULL;
CREATE INDEX mail_since ON mail (since, id) WHERE ended_at IS NULL;
CREATE INDEX mail_rule_set ON mail (rule_set) WHERE ended_at IS NULL;
CREATE INDEX mail_ended ON mail (ended_at) WHERE ended_at IS NOT NULL;

-- A content belongs to one mail, or to none while it is staged.
CREATE TABLE content (
  id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key         text COLLATE "C" NOT NULL UNIQUE,
  mail_id     text,
  length      bigint  NOT NULL,
  sha256      text    NOT NULL,
  is_complete boolean NOT NULL,
  staged_at   bigint  NOT NULL,
  staged_by   text    NOT NULL,              -- the incarnation that has or had the stage
  bytes       bytea                          -- null: in content_chunk
);

CREATE INDEX content_staged ON content (staged_at) WHERE mail_id IS NULL;

CREATE TABLE content_chunk (
  content_id  bigint  NOT NULL,
  number      bigint  NOT NULL,              -- from 0
  bytes       bytea   NOT NULL,
  PRIMARY KEY (content_id, number)
);

-- Most of mail's bytes are encoded or compressed already: no time for a second compression.
ALTER TABLE content ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE content_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE event (
  mail_id     text COLLATE "C" NOT NULL,
  number      bigint  NOT NULL,              -- from 0: the order of the history
  at          bigint  NOT NULL,
  node        text    NOT NULL,
  what        text    NOT NULL,
  why         text    NOT NULL,
  directive   text,
  source      text,
  PRIMARY KEY (mail_id, number)
);

CREATE TABLE rule_set (
  hash        text COLLATE "C" PRIMARY KEY,
  main_path   text    NOT NULL,
  files       text    NOT NULL,              -- JSON object: path to text
  replaced_at bigint                         -- null: the current one
);

CREATE TABLE grain_state (
  name        text    NOT NULL,
  grain       text    NOT NULL,              -- type/key
  version     bigint  NOT NULL,
  state       text    NOT NULL,
  PRIMARY KEY (name, grain)
);

CREATE TABLE reminder (
  grain       text    NOT NULL,
  name        text    NOT NULL,
  start_at    bigint  NOT NULL,
  period      bigint  NOT NULL,              -- microseconds
  version     bigint  NOT NULL,
  PRIMARY KEY (grain, name)
);

-- Few rows, written with every mail: room on the page keeps the updates in place.
CREATE TABLE counter (
  name        text COLLATE "C" NOT NULL,
  process     text    NOT NULL,              -- an incarnation; empty for all that have ended
  value       bigint  NOT NULL,
  PRIMARY KEY (name, process)
) WITH (fillfactor = 10);
