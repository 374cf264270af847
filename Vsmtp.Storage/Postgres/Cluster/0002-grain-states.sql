-- States of grains whose loss is no loss of mail. A row's key has eight parts in the provider's eyes; a missing extension is a key
-- of its own. The two hashes are in the index for speed alone, since most parts are the same in all rows.
CREATE TABLE grain_state (
  grain_hash    integer NOT NULL,
  type_hash     integer NOT NULL,
  service       text COLLATE "C" NOT NULL,
  grain_type    text COLLATE "C" NOT NULL,         -- the name of the state
  n0            bigint  NOT NULL,
  n1            bigint  NOT NULL,
  extension     text COLLATE "C",                  -- a key that is text; null: there is none
  version       integer NOT NULL,                  -- the ETag
  payload       bytea,                             -- null: cleared, and the version goes on
  UNIQUE NULLS NOT DISTINCT (grain_hash, type_hash, service, grain_type, n0, n1, extension)
) WITH (fillfactor = 70);

-- A conflict is no row: the provider takes any number other than its own for success.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('ReadFromStorageKey', $$
SELECT payload AS PayloadBinary, version AS Version FROM grain_state
WHERE grain_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND service = @ServiceId AND grain_type = @GrainTypeString
  AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND extension IS NOT DISTINCT FROM @GrainIdExtensionString
$$),
('WriteToStorageKey', $$
WITH changed AS (
  UPDATE grain_state SET payload = @PayloadBinary, version = version + 1
  WHERE grain_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND service = @ServiceId AND grain_type = @GrainTypeString
    AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND extension IS NOT DISTINCT FROM @GrainIdExtensionString
    AND version = @GrainStateVersion
  RETURNING version),
added AS (
  INSERT INTO grain_state (grain_hash, type_hash, service, grain_type, n0, n1, extension, version, payload)
  SELECT @GrainIdHash, @GrainTypeHash, @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString, 1,
    @PayloadBinary
  WHERE @GrainStateVersion IS NULL
  ON CONFLICT DO NOTHING
  RETURNING version)
SELECT version AS NewGrainStateVersion FROM changed UNION ALL SELECT version FROM added
$$),
('ClearStorageKey', $$
UPDATE grain_state SET payload = NULL, version = version + 1
WHERE grain_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND service = @ServiceId AND grain_type = @GrainTypeString
  AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND extension IS NOT DISTINCT FROM @GrainIdExtensionString
  AND version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion
$$),
-- The version that would have come next says that the one given was the one deleted.
('DeleteStorageKey', $$
DELETE FROM grain_state
WHERE grain_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND service = @ServiceId AND grain_type = @GrainTypeString
  AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND extension IS NOT DISTINCT FROM @GrainIdExtensionString
  AND version = @GrainStateVersion
RETURNING version + 1 AS NewGrainStateVersion
$$);
