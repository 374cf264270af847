CREATE TABLE reminder (
  service       text COLLATE "C" NOT NULL,
  grain         text COLLATE "C" NOT NULL,
  name          text COLLATE "C" NOT NULL,
  grain_hash    integer     NOT NULL,              -- 32 bits of the ring, with a sign
  started_at    timestamptz NOT NULL,              -- of the first tick
  period        bigint      NOT NULL,              -- milliseconds
  version       integer     NOT NULL,              -- the ETag
  PRIMARY KEY (service, grain, name)
);

CREATE INDEX reminder_range ON reminder (service, grain_hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('ReadReminderRowsKey', $$
SELECT grain AS GrainId, name AS ReminderName, started_at AS StartTime, period AS Period, version AS Version FROM reminder
WHERE service = @ServiceId AND grain = @GrainId
$$),
('ReadReminderRowKey', $$
SELECT grain AS GrainId, name AS ReminderName, started_at AS StartTime, period AS Period, version AS Version FROM reminder
WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName
$$),
-- A range of the ring is open at its beginning and closed at its end. The provider chooses the second where the end, as a number
-- with a sign, is not above the beginning; where they are equal that is the whole ring.
('ReadRangeRows1Key', $$
SELECT grain AS GrainId, name AS ReminderName, started_at AS StartTime, period AS Period, version AS Version FROM reminder
WHERE service = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$$),
('ReadRangeRows2Key', $$
SELECT grain AS GrainId, name AS ReminderName, started_at AS StartTime, period AS Period, version AS Version FROM reminder
WHERE service = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$$),
('UpsertReminderRowKey', $$
INSERT INTO reminder AS r (service, grain, name, grain_hash, started_at, period, version)
VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 1)
ON CONFLICT (service, grain, name) DO UPDATE
SET grain_hash = excluded.grain_hash, started_at = excluded.started_at, period = excluded.period, version = r.version + 1
RETURNING version AS Version
$$),
('DeleteReminderRowKey', $$
WITH gone AS (
  DELETE FROM reminder WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName AND version = @Version RETURNING 1)
SELECT EXISTS (SELECT 1 FROM gone)
$$),
('DeleteReminderRowsKey', $$
DELETE FROM reminder WHERE service = @ServiceId
$$);
