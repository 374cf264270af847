-- A mail that was never accepted, of which only a mark is kept, is counted nowhere. The rest is as in 0002.

CREATE OR REPLACE FUNCTION move_counters(p_process text, p_from text, p_to text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_from_kind text := CASE WHEN p_from LIKE 'quarantine/%' THEN 'quarantine' ELSE p_from END;
  v_to_kind   text := CASE WHEN p_to LIKE 'quarantine/%' THEN 'quarantine' ELSE p_to END;
BEGIN
  IF p_from = p_to OR 'withdrawn' IN (p_from, p_to) THEN RETURN; END IF;
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
