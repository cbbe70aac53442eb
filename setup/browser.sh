#!/bin/sh
# See to a Chromium and Chinese fonts for the browser tests. Without the right to install them the tests that need them
# say why they are skipped; under CI=true they must be there.
set -u

have_browser() {
    for name in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

have_fonts() {
    fc-list ':lang=zh' 2>/dev/null | grep -q .
}

missing=""
have_browser || missing="chromium"
have_fonts || missing="$missing fonts-noto-cjk fontconfig"
[ -n "$missing" ] || exit 0

as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
    echo "setup: installing $missing for the browser tests"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # both are lists of words
    $as_root apt-get update -qq </dev/null && $as_root apt-get install -y -qq --no-install-recommends $missing </dev/null >/dev/null
fi
if have_browser && have_fonts; then
    exit 0
fi
echo "setup: no $missing on this machine and no right to install it; browser tests will say so and be skipped" >&2
[ "${CI:-}" != true ]
