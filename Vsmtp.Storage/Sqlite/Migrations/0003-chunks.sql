-- Chunks by a number. In a table without one SQLite compares whole records, and so reads a whole message for each step of a search.

CREATE TABLE chunk (
  id          INTEGER NOT NULL PRIMARY KEY,  -- content.id * 1048576 + the chunk's number from 0
  bytes       BLOB    NOT NULL
) STRICT;
INSERT INTO chunk (id, bytes) SELECT content_id * 1048576 + number, bytes FROM content_chunk;
DROP TABLE content_chunk;
ALTER TABLE chunk RENAME TO content_chunk;
