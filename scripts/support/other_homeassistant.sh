# Sourced by scripts/test: puts another release of Home Assistant, with what it requires, before the one in .venv.
# Argument: its version, or `newest` for the newest one that is published. Needs a package index.
wanted=homeassistant
[ "$1" = newest ] || wanted="homeassistant==$1"
folder=".build/homeassistant-$1"
rm -rf "$folder"
say "installing $wanted"
install=(uv pip install --quiet --target "$folder" --python .venv/bin/python)
"${install[@]}" --no-deps "$wanted" || fail "$wanted can't be installed: is a package index reachable?"
"${install[@]}" "$wanted" home-assistant-frontend home-assistant-intents go2rtc-client av numpy \
  -c "$folder/homeassistant/package_constraints.txt" || fail "what $wanted requires can't be installed (see above)."
export PYTHONPATH="$PWD/$folder${PYTHONPATH:+:$PYTHONPATH}"
say "Home Assistant $(.venv/bin/python -c 'from homeassistant.const import __version__; print(__version__)')"
