-- Tables for Orleans' ADO.NET providers, which know no table but this one: they look up the text of each query by its key, bind
-- parameters by name, and read columns by name. Names in capitals fold to lower case here and are compared so by the driver; only
-- the parameters' names are exact. Why a column is there: docs/design/002-store.md.
CREATE TABLE OrleansQuery (
  QueryKey  text COLLATE "C" PRIMARY KEY,
  QueryText text NOT NULL
);

-- One row per cluster. Its version is the expected value of every compare-and-swap; its lock is the order of them.
CREATE TABLE cluster (
  id            text COLLATE "C" PRIMARY KEY,
  version       integer     NOT NULL DEFAULT 0
);

CREATE TABLE silo (
  cluster       text COLLATE "C" NOT NULL REFERENCES cluster (id) ON DELETE CASCADE,
  address       text COLLATE "C" NOT NULL,
  port          integer     NOT NULL,
  generation    integer     NOT NULL,              -- tells a silo from the one before at the same endpoint
  name          text        NOT NULL,
  host          text        NOT NULL,
  status        integer     NOT NULL,              -- Orleans.Runtime.SiloStatus: 3 is Active, 6 is Dead
  proxy_port    integer     NOT NULL,              -- 0: no gateway
  suspected_by  text,                              -- as the provider writes it
  started_at    timestamptz NOT NULL,
  alive_at      timestamptz NOT NULL,
  PRIMARY KEY (cluster, address, port, generation)
) WITH (fillfactor = 50);                          -- few rows, written again and again

-- Both say whether they were applied, and leave no trace where they were not.
CREATE FUNCTION add_silo(
  p_cluster text, p_version integer, p_address text, p_port integer, p_generation integer, p_name text, p_host text,
  p_status integer, p_proxy_port integer, p_started_at timestamptz, p_alive_at timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM cluster WHERE id = p_cluster AND version = p_version FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO silo (cluster, address, port, generation, name, host, status, proxy_port, started_at, alive_at)
  VALUES (p_cluster, p_address, p_port, p_generation, p_name, p_host, p_status, p_proxy_port, p_started_at, p_alive_at)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE cluster SET version = version + 1 WHERE id = p_cluster;
  RETURN true;
END $$;

CREATE FUNCTION change_silo(
  p_cluster text, p_version integer, p_address text, p_port integer, p_generation integer,
  p_status integer, p_suspected_by text, p_alive_at timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM cluster WHERE id = p_cluster AND version = p_version FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE silo SET status = p_status, suspected_by = p_suspected_by, alive_at = p_alive_at
  WHERE cluster = p_cluster AND address = p_address AND port = p_port AND generation = p_generation;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE cluster SET version = version + 1 WHERE id = p_cluster;
  RETURN true;
END $$;

-- A cluster's version with one member or all, of one moment; where there is none, the version alone beside nulls.
CREATE FUNCTION members(p_cluster text, p_address text DEFAULT NULL, p_port integer DEFAULT NULL, p_generation integer DEFAULT NULL)
RETURNS TABLE (
  Version integer, Address text, Port integer, Generation integer, SiloName text, HostName text, Status integer, ProxyPort integer,
  SuspectTimes text, StartTime timestamptz, IAmAliveTime timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT c.version, s.address, s.port, s.generation, s.name, s.host, s.status, s.proxy_port, s.suspected_by, s.started_at, s.alive_at
  FROM cluster c LEFT JOIN silo s
    ON s.cluster = c.id AND (p_address IS NULL OR s.address = p_address AND s.port = p_port AND s.generation = p_generation)
  WHERE c.id = p_cluster
$$;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', $$
WITH made AS (INSERT INTO cluster (id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING id)
SELECT EXISTS (SELECT 1 FROM made)
$$),
('InsertMembershipKey', $$
SELECT add_silo(@DeploymentId, @Version, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime,
  @IAmAliveTime)
$$),
('UpdateMembershipKey', $$
SELECT change_silo(@DeploymentId, @Version, @Address, @Port, @Generation, @Status, @SuspectTimes, @IAmAliveTime)
$$),
('UpdateIAmAlivetimeKey', $$
UPDATE silo SET alive_at = @IAmAliveTime
WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$$),
('MembershipReadAllKey', $$
SELECT * FROM members(@DeploymentId)
$$),
('MembershipReadRowKey', $$
SELECT * FROM members(@DeploymentId, @Address, @Port, @Generation)
$$),
('GatewaysQueryKey', $$
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM silo
WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0
$$),
('CleanupDefunctSiloEntriesKey', $$
DELETE FROM silo WHERE cluster = @DeploymentId AND status = 6 AND alive_at < @IAmAliveTime
$$),
('DeleteMembershipTableEntriesKey', $$
DELETE FROM cluster WHERE id = @DeploymentId
$$);
