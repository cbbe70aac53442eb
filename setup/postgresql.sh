#!/bin/sh
# See to a PostgreSQL with PostGIS for the tests of the store, which start one of their own and remove it afterwards.
# Without the right to install it those tests say why they are skipped; under CI=true it must be there.
set -u

have_postgresql() {
    { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 &&
        ls /usr/share/postgresql/*/extension/postgis.control "$(pg_config --sharedir 2>/dev/null)"/extension/postgis.control \
            2>/dev/null | grep -q .
}

have_postgresql && exit 0

as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
    echo "setup: installing postgresql and postgis for the tests of the store"
    export DEBIAN_FRONTEND=noninteractive
    install="apt-get install -y -qq --no-install-recommends"
    # postgresql-common first: told so, it makes no cluster that would run on this machine from now on
    $as_root apt-get update -qq </dev/null && $as_root $install postgresql-common </dev/null >/dev/null &&
        echo "create_main_cluster = false" | $as_root tee -a /etc/postgresql-common/createcluster.conf >/dev/null &&
        $as_root $install postgresql </dev/null >/dev/null &&
        $as_root $install "postgresql-$(ls /usr/lib/postgresql | sort -n | tail -1)-postgis-3" </dev/null >/dev/null
fi
have_postgresql && exit 0
echo "setup: no PostgreSQL with PostGIS on this machine and no right to install it; its tests will say so and be skipped" >&2
[ "${CI:-}" != true ]
