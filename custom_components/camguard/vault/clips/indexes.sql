-- Carried out at each opening. What is asked for often must not read all rows (issue 13).
CREATE INDEX IF NOT EXISTS clip_by_time ON clip (camera_id, start_us);
DROP INDEX IF EXISTS clip_by_start;
CREATE INDEX IF NOT EXISTS clip_by_day ON clip (start_us, size_bytes, held_until_us);
CREATE INDEX IF NOT EXISTS clip_by_period ON clip (camera_id, retention_days, reckoned_us);
CREATE INDEX IF NOT EXISTS clip_by_age ON clip (reckoned_us);
CREATE INDEX IF NOT EXISTS clip_held ON clip (held_until_us) WHERE held_until_us IS NOT NULL;
