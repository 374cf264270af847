-- Times are microseconds since 1970-01-01 UTC. Why a column is there: docs/design/002-store.md.

CREATE TABLE mail (
  id          TEXT    NOT NULL PRIMARY KEY,
  version     INTEGER NOT NULL,              -- the ETag
  queue       TEXT    NOT NULL,              -- as operators write it
  phase       TEXT    NOT NULL,
  quarantine  TEXT,
  wake_at     INTEGER,                       -- null: waits for an operator, or has ended
  busy_by     TEXT,                          -- the incarnation that works on it
  rule_set    TEXT    NOT NULL,
  sender      TEXT    NOT NULL,
  recipients  TEXT    NOT NULL,              -- JSON array of addresses
  subject     TEXT    NOT NULL,
  bytes       INTEGER NOT NULL,
  since       INTEGER NOT NULL,
  attempts    INTEGER NOT NULL,
  reason      TEXT    NOT NULL,
  original    TEXT,                          -- keys of the contents that this row owns
  content     TEXT,
  events      INTEGER NOT NULL,              -- how many events it has: the number of the next one
  ended_at    INTEGER,
  state       TEXT    NOT NULL               -- JSON of MailState
) STRICT;

CREATE INDEX mail_wake ON mail (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX mail_busy ON mail (busy_by) WHERE busy_by IS NOT NULL;
CREATE INDEX mail_queue ON mail (queue, since) WHERE ended_at IS NULL;
CREATE INDEX mail_since ON mail (since) WHERE ended_at IS NULL;
CREATE INDEX mail_rule_set ON mail (rule_set) WHERE ended_at IS NULL;
CREATE INDEX mail_ended ON mail (ended_at) WHERE ended_at IS NOT NULL;

-- A content belongs to one mail, or to none while it is staged.
CREATE TABLE content (
  id          INTEGER NOT NULL PRIMARY KEY,
  key         TEXT    NOT NULL UNIQUE,
  mail_id     TEXT,
  length      INTEGER NOT NULL,
  sha256      TEXT    NOT NULL,
  is_complete INTEGER NOT NULL,
  staged_at   INTEGER NOT NULL,
  staged_by   TEXT    NOT NULL,              -- the incarnation that has or had the stage
  bytes       BLOB                           -- null: in content_chunk
) STRICT;

CREATE INDEX content_staged ON content (staged_at) WHERE mail_id IS NULL;

CREATE TABLE content_chunk (
  content_id  INTEGER NOT NULL,
  number      INTEGER NOT NULL,              -- from 0
  bytes       BLOB    NOT NULL,
  PRIMARY KEY (content_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  mail_id     TEXT    NOT NULL,
  number      INTEGER NOT NULL,              -- from 0: the order of the history
  at          INTEGER NOT NULL,
  node        TEXT    NOT NULL,
  what        TEXT    NOT NULL,
  why         TEXT    NOT NULL,
  directive   TEXT,
  source      TEXT,
  PRIMARY KEY (mail_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_set (
  hash        TEXT    NOT NULL PRIMARY KEY,
  main_path   TEXT    NOT NULL,
  files       TEXT    NOT NULL,              -- JSON object: path to text
  replaced_at INTEGER                        -- null: the current one
) STRICT;

CREATE TABLE grain_state (
  name        TEXT    NOT NULL,
  grain       TEXT    NOT NULL,              -- type/key
  version     INTEGER NOT NULL,
  state       TEXT    NOT NULL,
  PRIMARY KEY (name, grain)
) STRICT;

CREATE TABLE reminder (
  grain       TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  start_at    INTEGER NOT NULL,
  period      INTEGER NOT NULL,              -- microseconds
  version     INTEGER NOT NULL,
  PRIMARY KEY (grain, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
  name        TEXT    NOT NULL,
  process     TEXT    NOT NULL,              -- an incarnation; empty for all that have ended
  value       INTEGER NOT NULL,
  PRIMARY KEY (name, process)
) STRICT, WITHOUT ROWID;
