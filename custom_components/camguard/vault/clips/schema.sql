-- A cache of the manifests: made anew from them when it is lost. `user_version` 6.
CREATE TABLE clip (
    clip_id        TEXT PRIMARY KEY,
    camera_id      TEXT NOT NULL,
    start_us       INTEGER NOT NULL,
    end_us         INTEGER NOT NULL,
    reckoned_us    INTEGER NOT NULL,
    size_bytes     INTEGER NOT NULL,
    sha256         TEXT NOT NULL,
    trigger_kind   TEXT NOT NULL,
    trigger_entity TEXT,
    trigger_reason TEXT,
    retention_days INTEGER NOT NULL,
    width          INTEGER NOT NULL,
    height         INTEGER NOT NULL,
    frames         INTEGER NOT NULL,
    recovered      INTEGER NOT NULL,
    has_audio      INTEGER NOT NULL,
    mask_checked   INTEGER NOT NULL,
    held_until_us  INTEGER,
    hold_reason    TEXT,
    mac            BLOB NOT NULL
) STRICT;
