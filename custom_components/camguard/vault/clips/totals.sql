-- What is stored, kept up to date by each change; of this connection alone, so nobody else can have written it.
CREATE TEMP TABLE total (
    camera_id  TEXT PRIMARY KEY,
    clips      INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    held_bytes INTEGER NOT NULL
) STRICT;
INSERT INTO total
    SELECT camera_id, count(*), sum(size_bytes), sum(iif(held_until_us IS NULL, 0, size_bytes)) FROM clip
    GROUP BY camera_id;
CREATE TEMP TRIGGER clip_came AFTER INSERT ON main.clip BEGIN
    INSERT INTO total
        VALUES (new.camera_id, 1, new.size_bytes, iif(new.held_until_us IS NULL, 0, new.size_bytes))
        ON CONFLICT (camera_id) DO UPDATE SET
            clips = clips + 1, bytes = bytes + excluded.bytes, held_bytes = held_bytes + excluded.held_bytes;
END;
CREATE TEMP TRIGGER clip_went AFTER DELETE ON main.clip BEGIN
    UPDATE total SET
        clips = clips - 1,
        bytes = bytes - old.size_bytes,
        held_bytes = held_bytes - iif(old.held_until_us IS NULL, 0, old.size_bytes)
    WHERE camera_id = old.camera_id;
    DELETE FROM total WHERE camera_id = old.camera_id AND clips = 0;
END;
CREATE TEMP TRIGGER clip_held AFTER UPDATE OF held_until_us ON main.clip BEGIN
    UPDATE total SET
        held_bytes = held_bytes
            + iif(new.held_until_us IS NULL, 0, new.size_bytes) - iif(old.held_until_us IS NULL, 0, old.size_bytes)
    WHERE camera_id = new.camera_id;
END;
