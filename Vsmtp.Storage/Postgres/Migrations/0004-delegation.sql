-- Mails that sleep: under which rules and at which directive, by the index alone; what services that keep the original brought back,
-- which a mail owns beside its original and its present content; mails that are offered and not accepted. And since when a rule set is
-- known.

ALTER TABLE mail ADD COLUMN sleeps_at text COLLATE "C";        -- stage, a space and the directive's name; null: at none
CREATE INDEX mail_sleeps ON mail (rule_set, sleeps_at) WHERE sleeps_at IS NOT NULL;
ALTER TABLE mail ADD COLUMN returns text[] NOT NULL DEFAULT '{}';   -- keys of contents
ALTER TABLE rule_set ADD COLUMN put_at bigint;                 -- null: before this migration

-- Mail by mail: not every state is JSON to PostgreSQL, which knows no NUL. Such a mail is listed from its next write on.
DO $$
DECLARE
  v_mail record;
BEGIN
  FOR v_mail IN SELECT id, state FROM mail WHERE phase = 'Delegated' OR quarantine = 'rule-set' LOOP
    BEGIN
      UPDATE mail SET sleeps_at = (v_mail.state::jsonb #>> '{Visits,0,Stage}') || ' ' || (v_mail.state::jsonb #>> '{Visits,0,Directive}')
      WHERE id = v_mail.id;
    EXCEPTION WHEN data_exception OR program_limit_exceeded THEN NULL;
    END;
  END LOOP;
END $$;

-- With where the mail sleeps and with what came back: p_keys names all contents that the mail is to own. The rest is as in 0002.
DROP FUNCTION write_mail(text, bigint, text, text, text, text, bigint, boolean, text, text, text, text, bigint, bigint, bigint, text,
  boolean, text, text, text, text[], bigint[], text[], bytea[], bigint[], text[], text[], text[], text[], text[]);

CREATE FUNCTION write_mail(
  p_id text, p_expected bigint, p_process text, p_queue text, p_phase text, p_quarantine text, p_wake_at bigint,
  p_is_busy boolean, p_rule_set text, p_sender text, p_recipients text, p_subject text, p_bytes bigint, p_since bigint,
  p_attempts bigint, p_reason text, p_is_ended boolean, p_state text,
  p_original text, p_content text,           -- keys; null: none, or the mail has ended
  p_keys text[], p_lengths bigint[], p_hashes text[], p_inline bytea[],   -- of these; null in p_inline: staged before
  p_at bigint[], p_node text[], p_what text[], p_why text[], p_directive text[], p_source text[],
  p_sleeps_at text,
  OUT version bigint, OUT taken bigint, OUT fault text, OUT message text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_before record;
  v_is_new boolean;
  v_old text;
  v_returns text[] := array_remove(array_remove(p_keys, p_original), p_content);
BEGIN
  SELECT m.version, m.queue, m.ended_at, m.events, array_remove(ARRAY[m.original, m.content] || m.returns, NULL) AS contents INTO v_before
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
    CONTINUE WHEN p_keys[i] = ANY (v_before.contents);
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
  FOREACH v_old IN ARRAY coalesce(v_before.contents, '{}') LOOP
    IF v_old <> ALL (p_keys) THEN PERFORM delete_content(v_old); END IF;
  END LOOP;

  write_mail.version := coalesce(v_before.version, 0) + 1;
  IF v_is_new THEN
    INSERT INTO mail (id, version, queue, phase, quarantine, wake_at, busy_by, rule_set, sender, recipients, subject, bytes,
      since, attempts, reason, original, content, returns, events, ended_at, state, sleeps_at)
    VALUES (p_id, 1, p_queue, p_phase, p_quarantine, p_wake_at, CASE WHEN p_is_busy THEN p_process END, p_rule_set, p_sender,
      p_recipients, p_subject, coalesce(p_bytes, 0), p_since, p_attempts, p_reason, p_original, p_content, v_returns, cardinality(p_at),
      CASE WHEN p_is_ended THEN store_now() END, p_state, p_sleeps_at)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = 'another one'; END IF;
  ELSE
    UPDATE mail m SET version = m.version + 1, queue = p_queue, phase = p_phase, quarantine = p_quarantine, wake_at = p_wake_at,
      busy_by = CASE WHEN p_is_busy THEN p_process END, rule_set = p_rule_set, sender = p_sender, recipients = p_recipients,
      subject = p_subject, bytes = coalesce(p_bytes, m.bytes), since = p_since, attempts = p_attempts, reason = p_reason,
      original = p_original, content = p_content, returns = v_returns, events = m.events + cardinality(p_at),
      ended_at = coalesce(m.ended_at, CASE WHEN p_is_ended THEN store_now() END), state = p_state, sleeps_at = p_sleeps_at
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

-- A mail that is offered is counted in its queue and not as accepted; when it is withdrawn it leaves the queue, and that is all.
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
    PERFORM move_counters(p_process, v_before.queue, CASE WHEN v_before.queue = 'offered' THEN 'withdrawn' ELSE 'removed' END);
  END IF;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS fault = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
END $$;
