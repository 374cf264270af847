-- Contents that a mail owns beside its original and its present one: what services that keep the original brought back.

ALTER TABLE mail ADD COLUMN returns TEXT NOT NULL DEFAULT '';   -- keys, with blanks between
