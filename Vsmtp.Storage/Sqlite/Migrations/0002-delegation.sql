-- Mails that sleep: under which rules and at which directive, by the index alone; and what services that keep the original brought
-- back, which a mail owns beside its original and its present content. And since when a rule set is known.

ALTER TABLE mail ADD COLUMN sleeps_at TEXT;    -- stage, a space and the directive's name; null: at none
UPDATE mail SET sleeps_at = json_extract(state, '$.Visits[0].Stage') || ' ' || json_extract(state, '$.Visits[0].Directive')
WHERE phase = 'Delegated' OR quarantine = 'rule-set';
CREATE INDEX mail_sleeps ON mail (rule_set, sleeps_at) WHERE sleeps_at IS NOT NULL;
ALTER TABLE mail ADD COLUMN returns TEXT NOT NULL DEFAULT '';   -- keys of contents, with blanks between
ALTER TABLE rule_set ADD COLUMN put_at INTEGER;                -- null: before this migration
