# Sourced by the scripts: their messages, and uv from .build/ where the machine has none.
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() { say "$*"; exit 1; }
command -v uv >/dev/null || PATH=$PWD/.build/uv/bin:$PATH
export PATH PYTHONDONTWRITEBYTECODE=1
# The machine's own certificates: behind a company's proxy uv's built-in ones don't do.
export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS-1} UV_NATIVE_TLS=${UV_NATIVE_TLS-1}
