"""ADTS framing of AAC, so that a spool explains its audio by itself (ISO/IEC 13818-7 §6.2, ISO/IEC 14496-3 §1.6.2)."""

_HEADER_BYTES = 7
_MAX_FRAME_BYTES = 0x1FFF


def to_adts(data: bytes, config: bytes | None) -> bytes | None:
    """Return one AAC access unit with an ADTS header; None when ADTS can't describe it.

    `config`: the encoder's AudioSpecificConfig.
    """
    length = len(data) + _HEADER_BYTES
    if config is None or len(config) < 2 or length > _MAX_FRAME_BYTES:
        return None
    profile = config[0] >> 3
    rate_index = (config[0] & 7) << 1 | config[1] >> 7
    channels = config[1] >> 3 & 15
    if not 1 <= profile <= 4 or rate_index > 12 or not 1 <= channels <= 7:
        return None
    header = (
        0xFFF1 << 40
        | (profile - 1) << 38
        | rate_index << 34
        | channels << 30
        | length << 13
        | 0x7FF << 2  # buffer fullness: variable rate
    )
    return header.to_bytes(_HEADER_BYTES, "big") + data
