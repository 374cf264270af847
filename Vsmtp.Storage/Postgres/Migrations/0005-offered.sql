-- A mail that is offered is counted in its queue and not as accepted; when it is withdrawn it leaves the queue, and that is all.
-- The rest is as in 0002 and 0003.

CREATE OR REPLACE FUNCTION move_counters(p_process text, p_from text, p_to text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_from_kind text := CASE WHEN p_from LIKE 'quarantine/%' THEN 'quarantine' ELSE p_from END;
  v_to_kind   text := CASE WHEN p_to LIKE 'quarantine/%' THEN 'quarantine' ELSE p_to END;
BEGIN
  IF p_from = p_to OR p_from = 'withdrawn' THEN RETURN; END IF;
  INSERT INTO counter AS c (name, process, value)
  SELECT moved.name, p_process, moved.value
  FROM (VALUES
    ('total/accepted', 1, p_to NOT IN ('offered', 'withdrawn') AND coalesce(p_from = 'offered', true)),
    (p_from, -1, p_from NOT IN ('delivered', 'removed')),
    (p_to, 1, p_to NOT IN ('delivered', 'removed', 'withdrawn')),
    ('total/' || v_to_kind, 1, p_to <> 'withdrawn' AND v_to_kind IS DISTINCT FROM v_from_kind)) AS moved (name, value, is_counted)
  WHERE moved.is_counted
  ON CONFLICT (name, process) DO UPDATE SET value = c.value + excluded.value;
END $$;

CREATE OR REPLACE FUNCTION clear_mail(p_id text, p_expected bigint, p_process text, OUT fault text, OUT message text)
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
  IF v_before.queue NOT IN ('delivered', 'removed', 'withdrawn') THEN
    PERFORM move_counters(p_process, v_before.queue, CASE WHEN v_before.queue = 'offered' THEN 'withdrawn' ELSE 'removed' END);
  END IF;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS fault = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
END $$;
