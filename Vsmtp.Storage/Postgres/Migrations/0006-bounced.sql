-- Bounced is an end as delivered and removed are: no queue, and counted as a total only.

CREATE OR REPLACE FUNCTION counted(p_from text, p_to text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_from_kind text := CASE WHEN p_from LIKE 'quarantine/%' THEN 'quarantine' ELSE p_from END;
  v_to_kind   text := CASE WHEN p_to LIKE 'quarantine/%' THEN 'quarantine' ELSE p_to END;
BEGIN
  IF p_from = p_to OR p_from = 'withdrawn' THEN RETURN '{}'; END IF;
  RETURN array_remove(ARRAY[
    CASE WHEN p_to NOT IN ('offered', 'withdrawn') AND coalesce(p_from = 'offered', true) THEN '+total/accepted' END,
    CASE WHEN p_from NOT IN ('delivered', 'bounced', 'removed') THEN '-' || p_from END,
    CASE WHEN p_to NOT IN ('delivered', 'bounced', 'removed', 'withdrawn') THEN '+' || p_to END,
    CASE WHEN p_to <> 'withdrawn' AND v_to_kind IS DISTINCT FROM v_from_kind THEN '+total/' || v_to_kind END], NULL);
END $$;

CREATE OR REPLACE FUNCTION clear_mail(p_id text, p_expected bigint) RETURNS void LANGUAGE plpgsql AS $$
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
  IF v_before.queue NOT IN ('delivered', 'bounced', 'removed', 'withdrawn') THEN
    PERFORM set_config('vsmtp.moves', (coalesce(nullif(current_setting('vsmtp.moves', true), ''), '{}')::text[]
      || ARRAY[v_before.queue, CASE WHEN v_before.queue = 'offered' THEN 'withdrawn' ELSE 'removed' END])::text, true);
  END IF;
END $$;
