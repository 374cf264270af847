-- Writes that cost less (docs/design/014-speed.md). A function raises its faults and catches none, so that a unit of a batch is a
-- subtransaction only where one has failed; the codes are those of 0002. Counters are written once per batch. No function in SQL is left
-- that cannot be inlined: such a one is parsed and planned at each call. PL/pgSQL makes each of its expressions ready once per
-- transaction, so there are few.

-- When the statement began: that is STABLE, as this function has to be for the sake of indexes, and so it is inlined.
CREATE OR REPLACE FUNCTION store_now() RETURNS bigint LANGUAGE sql STABLE
AS $$ SELECT floor(extract(epoch FROM statement_timestamp()) * 1000000)::bigint $$;

-- Pieces that fit a page: what does not is cut into rows of 2 KB in a table behind the table, each with an entry in an index.
CREATE TABLE piece (
  content_id  bigint  NOT NULL,
  number      bigint  NOT NULL,              -- from 0, without a gap; all but the last of a chunk have 8000 octets
  bytes       bytea   NOT NULL,
  PRIMARY KEY (content_id, number)
) WITH (toast_tuple_target = 8160);
ALTER TABLE piece ALTER COLUMN bytes SET STORAGE EXTERNAL;
-- A chunk was 256 KiB or the last.
INSERT INTO piece (content_id, number, bytes)
SELECT content_id, number * 33 + n, substring(bytes FROM n * 8000 + 1 FOR 8000)
FROM content_chunk, generate_series(0, (octet_length(bytes) - 1) / 8000) AS n;
DROP TABLE content_chunk;
ALTER TABLE piece RENAME TO content_chunk;
ALTER INDEX piece_pkey RENAME TO content_chunk_pkey;
ALTER TABLE content SET (toast_tuple_target = 8160);

DROP FUNCTION write_mail(text, bigint, text, text, text, text, bigint, boolean, text, text, text, text, bigint, bigint, bigint, text,
  boolean, text, text, text, text[], bigint[], text[], bytea[], bigint[], text[], text[], text[], text[], text[], text);
DROP FUNCTION clear_mail(text, bigint, text);
DROP FUNCTION write_grain_state(text, text, bigint, text);
DROP FUNCTION stage_chunk(text, bigint, bigint, bytea, bigint, text, text);
DROP FUNCTION move_counters(text, text, text);
DROP FUNCTION delete_content(text);

-- What one move of a mail from a queue (null: it is new) to another does to counters, each with its sign. All quarantines are one kind,
-- delivered and removed are no queues, and a mail that is offered is not accepted; one that was withdrawn counts nowhere.
CREATE FUNCTION counted(p_from text, p_to text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_from_kind text := CASE WHEN p_from LIKE 'quarantine/%' THEN 'quarantine' ELSE p_from END;
  v_to_kind   text := CASE WHEN p_to LIKE 'quarantine/%' THEN 'quarantine' ELSE p_to END;
BEGIN
  IF p_from = p_to OR p_from = 'withdrawn' THEN RETURN '{}'; END IF;
  RETURN array_remove(ARRAY[
    CASE WHEN p_to NOT IN ('offered', 'withdrawn') AND coalesce(p_from = 'offered', true) THEN '+total/accepted' END,
    CASE WHEN p_from NOT IN ('delivered', 'removed') THEN '-' || p_from END,
    CASE WHEN p_to NOT IN ('delivered', 'removed', 'withdrawn') THEN '+' || p_to END,
    CASE WHEN p_to <> 'withdrawn' AND v_to_kind IS DISTINCT FROM v_from_kind THEN '+total/' || v_to_kind END], NULL);
END $$;

-- Moves are noted in a setting of the transaction, two elements of an array each, and the last statement of a batch counts them.
CREATE FUNCTION write_moves(p_process text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_moves text[] := nullif(current_setting('vsmtp.moves', true), '')::text[];
BEGIN
  IF v_moves IS NULL THEN RETURN; END IF;
  INSERT INTO counter AS c (name, process, value)
  SELECT substr(moved, 2), p_process, sum(CASE WHEN moved LIKE '+%' THEN 1 ELSE -1 END)
  FROM (SELECT unnest(counted(v_moves[i], v_moves[i + 1])) AS moved FROM generate_series(1, cardinality(v_moves), 2) AS i) AS m
  GROUP BY substr(moved, 2)
  HAVING sum(CASE WHEN moved LIKE '+%' THEN 1 ELSE -1 END) <> 0
  ON CONFLICT (name, process) DO UPDATE SET value = c.value + excluded.value;
END $$;

-- Bytes that belong to a row of content, from this piece on.
CREATE FUNCTION add_pieces(p_row bigint, p_first bigint, p_bytes bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO content_chunk (content_id, number, bytes)
  SELECT p_row, p_first + n, substring(p_bytes FROM n * 8000 + 1 FOR 8000)
  FROM generate_series(0, (octet_length(p_bytes) - 1) / 8000) AS n
  WHERE octet_length(p_bytes) > 0;
END $$;

-- Returns how many bytes of chunks went.
CREATE FUNCTION delete_content(p_key text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_id bigint;
  v_is_inline boolean;
  v_bytes bigint;
BEGIN
  DELETE FROM content WHERE key = p_key RETURNING id, bytes IS NOT NULL INTO v_id, v_is_inline;
  IF v_is_inline IS NOT FALSE THEN RETURN 0; END IF;
  WITH chunks AS (DELETE FROM content_chunk WHERE content_id = v_id RETURNING octet_length(bytes) AS length)
  SELECT coalesce(sum(length), 0) INTO v_bytes FROM chunks;
  RETURN v_bytes;
END $$;

-- One write of a mail's state: row, history, contents, wake-up and counters together. Returns how many staged bytes became the mail's.
CREATE FUNCTION write_mail(
  p_id text, p_expected bigint, p_process text, p_queue text, p_phase text, p_quarantine text, p_wake_after bigint,
  p_is_busy boolean, p_rule_set text, p_sender text, p_recipients text, p_subject text, p_bytes bigint, p_since bigint,
  p_attempts bigint, p_reason text, p_is_ended boolean, p_state text,
  p_original text, p_content text,           -- keys; null: none, or the mail has ended
  p_keys text[], p_lengths bigint[], p_hashes text[], p_inline bytea[],   -- of all that it is to own; null in p_inline: in the store already
  p_at bigint[], p_node text[], p_what text[], p_why text[], p_directive text[], p_source text[],
  p_sleeps_at text)
RETURNS bigint LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_version bigint;
  v_queue text;
  v_ended_at bigint;
  v_events bigint;
  v_contents text[];
  v_key text;
  v_row bigint;
  v_taken bigint;
  v_gone bigint;
  v_noted text;
BEGIN
  IF p_expected IS NULL THEN
    INSERT INTO mail (id, version, queue, phase, quarantine, wake_at, busy_by, rule_set, sender, recipients, subject, bytes,
      since, attempts, reason, original, content, returns, events, ended_at, state, sleeps_at)
    VALUES (p_id, 1, p_queue, p_phase, p_quarantine, store_now() + p_wake_after, CASE WHEN p_is_busy THEN p_process END, p_rule_set, p_sender,
      p_recipients, p_subject, coalesce(p_bytes, 0), p_since, p_attempts, p_reason, p_original, p_content,
      array_remove(array_remove(p_keys, p_original), p_content), cardinality(p_at),
      CASE WHEN p_is_ended THEN store_now() END, p_state, p_sleeps_at)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
      SELECT m.version INTO v_version FROM mail m WHERE m.id = p_id;
      RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = coalesce(v_version::text, 'another one');
    END IF;
  ELSE
    SELECT m.version, m.queue, m.ended_at, m.events, array_remove(ARRAY[m.content, nullif(m.original, m.content)], NULL) || m.returns
    INTO v_version, v_queue, v_ended_at, v_events, v_contents
    FROM mail m WHERE m.id = p_id FOR UPDATE;
    IF v_version IS DISTINCT FROM p_expected THEN
      RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = coalesce(v_version::text, 'none');
    END IF;
    IF v_ended_at IS NOT NULL AND NOT p_is_ended THEN
      RAISE EXCEPTION USING ERRCODE = 'VS003', MESSAGE = v_queue;
    END IF;
    UPDATE mail m SET version = m.version + 1, queue = p_queue, phase = p_phase, quarantine = p_quarantine, wake_at = store_now() + p_wake_after,
      busy_by = CASE WHEN p_is_busy THEN p_process END, rule_set = p_rule_set, sender = p_sender, recipients = p_recipients,
      subject = p_subject, bytes = coalesce(p_bytes, m.bytes), since = p_since, attempts = p_attempts, reason = p_reason,
      original = p_original, content = p_content, returns = array_remove(array_remove(p_keys, p_original), p_content), events = m.events + cardinality(p_at),
      ended_at = coalesce(m.ended_at, CASE WHEN p_is_ended THEN store_now() END), state = p_state, sleeps_at = p_sleeps_at
    WHERE m.id = p_id;
    FOREACH v_key IN ARRAY v_contents LOOP
      IF v_key <> ALL (p_keys) THEN v_gone := delete_content(v_key); END IF;
    END LOOP;
  END IF;

  -- The contents that the state names become the mail's own.
  FOR i IN 1 .. cardinality(p_keys) LOOP
    CONTINUE WHEN p_keys[i] = ANY (v_contents);
    IF p_inline[i] IS NULL THEN
      UPDATE content SET mail_id = p_id
      WHERE key = p_keys[i] AND mail_id IS NULL AND is_complete AND length = p_lengths[i];
      IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'VS002', MESSAGE = p_keys[i]; END IF;
      v_taken := coalesce(v_taken, 0) + p_lengths[i];
    ELSE
      INSERT INTO content (key, mail_id, length, sha256, is_complete, staged_at, staged_by, bytes)
      VALUES (p_keys[i], p_id, p_lengths[i], p_hashes[i], true, store_now(), p_process, CASE WHEN p_lengths[i] <= 8000 THEN p_inline[i] END)
      RETURNING id INTO v_row;
      IF p_lengths[i] > 8000 THEN PERFORM add_pieces(v_row, 0, p_inline[i]); END IF;
    END IF;
  END LOOP;

  INSERT INTO event (mail_id, number, at, node, what, why, directive, source)
  SELECT p_id, coalesce(v_events, 0) - 1 + generate_subscripts(p_at, 1), unnest(p_at), unnest(p_node), unnest(p_what), unnest(p_why), unnest(p_directive),
    unnest(p_source);
  IF v_queue IS DISTINCT FROM p_queue THEN
    v_noted := set_config('vsmtp.moves', (coalesce(nullif(current_setting('vsmtp.moves', true), ''), '{}')::text[] || ARRAY[v_queue, p_queue])::text, true);
  END IF;
  RETURN coalesce(v_taken, 0);
END $$;

-- Takes a mail's row, history and contents away.
CREATE FUNCTION clear_mail(p_id text, p_expected bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_before record;
BEGIN
  SELECT m.version, m.queue, array_remove(ARRAY[m.original, m.content] || m.returns, NULL) AS contents INTO v_before
  FROM mail m WHERE m.id = p_id FOR UPDATE;
  IF v_before.version IS DISTINCT FROM p_expected THEN
    RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = coalesce(v_before.version::text, 'none');
  END IF;
  IF v_before.version IS NULL THEN RETURN; END IF;
  PERFORM delete_content(key) FROM unnest(v_before.contents) AS key;
  DELETE FROM event WHERE mail_id = p_id;
  DELETE FROM mail WHERE id = p_id;
  IF v_before.queue NOT IN ('delivered', 'removed', 'withdrawn') THEN
    PERFORM set_config('vsmtp.moves', (coalesce(nullif(current_setting('vsmtp.moves', true), ''), '{}')::text[]
      || ARRAY[v_before.queue, CASE WHEN v_before.queue = 'offered' THEN 'withdrawn' ELSE 'removed' END])::text, true);
  END IF;
END $$;

-- The state of a grain that is no mail; null clears it. Returns the new version.
CREATE FUNCTION write_grain_state(p_name text, p_grain text, p_expected bigint, p_state text) RETURNS bigint LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_stored bigint;
BEGIN
  SELECT s.version INTO v_stored FROM grain_state s WHERE s.name = p_name AND s.grain = p_grain FOR UPDATE;
  IF v_stored IS DISTINCT FROM p_expected THEN
    RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = coalesce(v_stored::text, 'none');
  END IF;
  IF p_state IS NULL THEN
    DELETE FROM grain_state WHERE name = p_name AND grain = p_grain;
    RETURN NULL;
  END IF;
  IF v_stored IS NULL THEN
    INSERT INTO grain_state (name, grain, version, state) VALUES (p_name, p_grain, 1, p_state) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = 'another one'; END IF;
  ELSE
    UPDATE grain_state s SET version = s.version + 1, state = p_state WHERE s.name = p_name AND s.grain = p_grain;
  END IF;
  RETURN coalesce(v_stored, 0) + 1;
END $$;

-- A chunk of a larger content: the first begins the row, the last (with its hash) completes it. Returns the row.
CREATE FUNCTION stage_chunk(
  p_key text, p_row bigint, p_number bigint, p_bytes bytea, p_length bigint, p_sha256 text, p_process text)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_row bigint;
BEGIN
  IF p_row IS NULL THEN
    INSERT INTO content (key, length, sha256, is_complete, staged_at, staged_by)
    VALUES (p_key, coalesce(p_length, 0), coalesce(p_sha256, ''), p_sha256 IS NOT NULL, store_now(), p_process) RETURNING id INTO v_row;
  ELSIF p_sha256 IS NULL THEN
    SELECT id INTO v_row FROM content WHERE id = p_row AND NOT is_complete FOR UPDATE;
  ELSE
    UPDATE content SET length = p_length, sha256 = p_sha256, is_complete = true, staged_at = store_now()
    WHERE id = p_row AND NOT is_complete RETURNING id INTO v_row;
  END IF;
  IF v_row IS NULL THEN RAISE EXCEPTION USING ERRCODE = 'VS002', MESSAGE = p_key; END IF;
  PERFORM add_pieces(v_row, p_number * 33, p_bytes);
  RETURN v_row;
END $$;
