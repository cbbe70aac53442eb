#!/bin/sh
# See to a Chromium and Chinese fonts for the browser tests, and to Pango for the PDFs of reports. Without the right to
# install them the tests that need a browser say why they are skipped; under CI=true all must be there.
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

have_pango() {
    for library in libpangoft2-1.0.so.0 libharfbuzz-subset.so.0; do
        ldconfig -p 2>/dev/null | grep -q "$library" || return 1
    done
}

missing=""
have_browser || missing="chromium"
have_fonts || missing="$missing fonts-noto-cjk fontconfig"
have_pango || missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
[ -n "$missing" ] || exit 0

as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
    echo "setup: installing $missing for the tests"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # both are lists of words
    $as_root apt-get update -qq </dev/null && $as_root apt-get install -y -qq --no-install-recommends $missing </dev/null >/dev/null
fi
if have_browser && have_fonts && have_pango; then
    exit 0
fi
echo "setup: no $missing on this machine and no right to install it; tests that need it will say so" >&2
[ "${CI:-}" != true ]
