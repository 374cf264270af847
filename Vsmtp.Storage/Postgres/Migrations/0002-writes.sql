-- What the group commit calls: a function per unit of work, so that a batch of units is one round trip. Each catches its own
-- faults, which undoes that unit alone, and returns them as (fault, message) with SQLSTATE codes. Ours are
--   VS001  somebody else wrote it: the message is the stored version, or 'none'
--   VS002  a content is missing: the message is its key
--   VS003  the mail has ended: the message is the queue in which it did

-- A mail goes from a queue (null: it is new) to another. All quarantines are one kind; delivered and removed are no queues.
CREATE FUNCTION move_counters(p_process text, p_from text, p_to text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_from_kind text := CASE WHEN p_from LIKE 'quarantine/%' THEN 'quarantine' ELSE p_from END;
  v_to_kind   text := CASE WHEN p_to LIKE 'quarantine/%' THEN 'quarantine' ELSE p_to END;
BEGIN
  IF p_from = p_to THEN RETURN; END IF;
  INSERT INTO counter AS c (name, process, value)
  SELECT moved.name, p_process, moved.value
  FROM (VALUES
    ('total/accepted', 1, p_from IS NULL),
    (p_from, -1, p_from NOT IN ('delivered', 'removed')),
    (p_to, 1, p_to NOT IN ('delivered', 'removed')),
    ('total/' || v_to_kind, 1, v_to_kind IS DISTINCT FROM v_from_kind)) AS moved (name, value, is_counted)
  WHERE moved.is_counted
  ON CONFLICT (name, process) DO UPDATE SET value = c.value + excluded.value;
END $$;

CREATE FUNCTION delete_content(p_key text) RETURNS bigint LANGUAGE sql AS $$
  WITH gone AS (DELETE FROM content WHERE key = p_key RETURNING id),
    chunks AS (DELETE FROM content_chunk USING gone WHERE content_id = gone.id RETURNING octet_length(bytes) AS length)
  SELECT coalesce(sum(length), 0)::bigint FROM chunks
$$;

-- One write of a mail's state: row, history, contents, wake-up and counters together.
CREATE FUNCTION write_mail(
  p_id text, p_expected bigint, p_process text, p_queue text, p_phase text, p_quarantine text, p_wake_at bigint,
  p_is_busy boolean, p_rule_set text, p_sender text, p_recipients text, p_subject text, p_bytes bigint, p_since bigint,
  p_attempts bigint, p_reason text, p_is_ended boolean, p_state text,
  p_original text, p_content text,           -- keys; null: none, or the mail has ended
  p_keys text[], p_lengths bigint[], p_hashes text[], p_inline bytea[],   -- of these; null in p_inline: staged before
  p_at bigint[], p_node text[], p_what text[], p_why text[], p_directive text[], p_source text[],
  OUT version bigint, OUT taken bigint, OUT fault text, OUT message text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_before record;
  v_is_new boolean;
  v_old text;
BEGIN
  SELECT m.version, m.queue, m.ended_at, m.original, m.content, m.events INTO v_before
  FROM mail m WHERE m.id = p_id FOR UPDATE;
  v_is_new := NOT FOUND;
  IF v_before.version IS DISTINCT FROM p_expected THEN
    RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = coalesce(v_before.version::text, 'none');
  END IF;
  IF v_before.ended_at IS NOT NULL AND NOT p_is_ended THEN
    RAISE EXCEPTION USING ERRCODE = 'VS003', MESSAGE = v_before.queue;
  END IF;

  -- The contents that the state names become the mail's own; those that it names no longer go.
  write_mail.taken := 0;
  FOR i IN 1 .. cardinality(p_keys) LOOP
    CONTINUE WHEN p_keys[i] IN (v_before.original, v_before.content);
    IF p_inline[i] IS NULL THEN
      UPDATE content SET mail_id = p_id
      WHERE key = p_keys[i] AND mail_id IS NULL AND is_complete AND length = p_lengths[i];
      IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'VS002', MESSAGE = p_keys[i]; END IF;
      write_mail.taken := write_mail.taken + p_lengths[i];
    ELSE
      INSERT INTO content (key, mail_id, length, sha256, is_complete, staged_at, staged_by, bytes)
      VALUES (p_keys[i], p_id, p_lengths[i], p_hashes[i], true, store_now(), p_process, p_inline[i]);
    END IF;
  END LOOP;
  FOREACH v_old IN ARRAY ARRAY[v_before.original, v_before.content]::text[] LOOP
    IF v_old <> coalesce(p_original, '') AND v_old <> coalesce(p_content, '') THEN PERFORM delete_content(v_old); END IF;
  END LOOP;

  write_mail.version := coalesce(v_before.version, 0) + 1;
  IF v_is_new THEN
    INSERT INTO mail (id, version, queue, phase, quarantine, wake_at, busy_by, rule_set, sender, recipients, subject, bytes,
      since, attempts, reason, original, content, events, ended_at, state)
    VALUES (p_id, 1, p_queue, p_phase, p_quarantine, p_wake_at, CASE WHEN p_is_busy THEN p_process END, p_rule_set, p_sender,
      p_recipients, p_subject, coalesce(p_bytes, 0), p_since, p_attempts, p_reason, p_original, p_content, cardinality(p_at),
      CASE WHEN p_is_ended THEN store_now() END, p_state)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = 'another one'; END IF;
  ELSE
    UPDATE mail m SET version = m.version + 1, queue = p_queue, phase = p_phase, quarantine = p_quarantine, wake_at = p_wake_at,
      busy_by = CASE WHEN p_is_busy THEN p_process END, rule_set = p_rule_set, sender = p_sender, recipients = p_recipients,
      subject = p_subject, bytes = coalesce(p_bytes, m.bytes), since = p_since, attempts = p_attempts, reason = p_reason,
      original = p_original, content = p_content, events = m.events + cardinality(p_at),
      ended_at = coalesce(m.ended_at, CASE WHEN p_is_ended THEN store_now() END), state = p_state
    WHERE m.id = p_id;
  END IF;

  INSERT INTO event (mail_id, number, at, node, what, why, directive, source)
  SELECT p_id, coalesce(v_before.events, 0) + e.number - 1, e.at, e.node, e.what, e.why, e.directive, e.source
  FROM unnest(p_at, p_node, p_what, p_why, p_directive, p_source) WITH ORDINALITY
    AS e (at, node, what, why, directive, source, number);
  PERFORM move_counters(p_process, v_before.queue, p_queue);
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS fault = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
END $$;

-- Takes a mail's row, history and contents away.
CREATE FUNCTION clear_mail(p_id text, p_expected bigint, p_process text, OUT fault text, OUT message text)
LANGUAGE plpgsql AS $$
DECLARE
  v_before record;
BEGIN
  SELECT m.version, m.queue, m.original, m.content INTO v_before FROM mail m WHERE m.id = p_id FOR UPDATE;
  IF v_before.version IS DISTINCT FROM p_expected THEN
    RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = coalesce(v_before.version::text, 'none');
  END IF;
  IF v_before.version IS NULL THEN RETURN; END IF;
  PERFORM delete_content(v_before.original), delete_content(v_before.content);
  DELETE FROM event WHERE mail_id = p_id;
  DELETE FROM mail WHERE id = p_id;
  IF v_before.queue NOT IN ('delivered', 'removed') THEN PERFORM move_counters(p_process, v_before.queue, 'removed'); END IF;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS fault = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
END $$;

-- The state of a grain that is no mail; null clears it.
CREATE FUNCTION write_grain_state(
  p_name text, p_grain text, p_expected bigint, p_state text, OUT version bigint, OUT fault text, OUT message text)
LANGUAGE plpgsql AS $$
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
    RETURN;
  END IF;
  write_grain_state.version := coalesce(v_stored, 0) + 1;
  IF v_stored IS NULL THEN
    INSERT INTO grain_state (name, grain, version, state) VALUES (p_name, p_grain, 1, p_state) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = 'another one'; END IF;
  ELSE
    UPDATE grain_state s SET version = s.version + 1, state = p_state WHERE s.name = p_name AND s.grain = p_grain;
  END IF;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS fault = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
END $$;

-- A piece of a larger content: the first begins the row, the last (with its hash) completes it.
CREATE FUNCTION stage_chunk(
  p_key text, p_row bigint, p_number bigint, p_bytes bytea, p_length bigint, p_sha256 text, p_process text,
  OUT content_row bigint, OUT fault text, OUT message text)
LANGUAGE plpgsql AS $$
BEGIN
  IF p_row IS NULL THEN
    INSERT INTO content (key, length, sha256, is_complete, staged_at, staged_by)
    VALUES (p_key, 0, '', false, store_now(), p_process) RETURNING id INTO content_row;
  ELSE
    SELECT id INTO content_row FROM content WHERE id = p_row AND NOT is_complete FOR UPDATE;
    IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'VS002', MESSAGE = p_key; END IF;
  END IF;
  IF octet_length(p_bytes) > 0 THEN
    INSERT INTO content_chunk (content_id, number, bytes) VALUES (content_row, p_number, p_bytes);
  END IF;
  IF p_sha256 IS NOT NULL THEN
    UPDATE content SET length = p_length, sha256 = p_sha256, is_complete = true, staged_at = store_now() WHERE id = content_row;
  END IF;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS fault = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
END $$;
