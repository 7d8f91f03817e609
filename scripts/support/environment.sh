# Sourced by the scripts: their messages, and uv from .build/ where the machine has none.
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() { say "$*"; exit 1; }
command -v uv >/dev/null || PATH=$PWD/.build/uv/bin:$PATH
export PATH PYTHONDONTWRITEBYTECODE=1
