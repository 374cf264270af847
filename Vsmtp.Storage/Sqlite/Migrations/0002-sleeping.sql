-- Under which rules and at which directive mails sleep, by the index alone; and since when a rule set is known.

ALTER TABLE mail ADD COLUMN sleeps_at TEXT;    -- stage, a space and the directive's name; null: at none
UPDATE mail SET sleeps_at = json_extract(state, '$.Visits[0].Stage') || ' ' || json_extract(state, '$.Visits[0].Directive')
WHERE phase = 'Delegated' OR quarantine = 'rule-set';
CREATE INDEX mail_sleeps ON mail (rule_set, sleeps_at) WHERE sleeps_at IS NOT NULL;

ALTER TABLE rule_set ADD COLUMN put_at INTEGER;                -- null: before this migration
