# Sourced by ./run and ./test: installs what is missing, and builds. Needs root or sudo only when
# a package is missing.

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "needs root, or sudo, for: $*" >&2
        return 1
    fi
}

# install GROUP...: the packages of tools/packages.txt that are not there yet
install_packages() {
    local wanted missing
    wanted=$(awk -v groups="$*" '
        BEGIN { n = split(groups, g, " ") }
        /^[a-z0-9]/ { for (i = 1; i <= n; i++) if ($0 ~ "#[a-z| ]*" g[i]) { print $1, $2; break } }' tools/packages.txt |
        while read -r name command; do
            command=${command#[}
            command=${command%]}
            [ "$command" != '#' ] && command -v "$command" >/dev/null || echo "$name"
        done)
    # shellcheck disable=SC2086
    missing=$({ dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null || :; } |
        awk -v wanted="$wanted" '$2 == "installed" { have[$1] = 1 }
            END { n = split(wanted, w, "\n"); for (i = 1; i <= n; i++) if (!have[w[i]]) print w[i] }')
    [ -n "$missing" ] || return 0
    echo "installing: $(echo "$missing" | tr '\n' ' ')" >&2
    # an existing postgres cluster is none of our business, and none is made for us
    if echo "$missing" | grep -q '^postgresql-'; then
        as_root mkdir -p /etc/postgresql-common
        [ -e /etc/postgresql-common/createcluster.conf ] ||
            echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    as_root apt-get update -qq
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
}

# build DIR [MESON OPTION ...]
build_in() {
    local dir=$1
    shift
    [ -f "$dir/build.ninja" ] || meson setup "$dir" "$@" >"$dir.log" 2>&1 || { cat "$dir.log" >&2; return 1; }
    rm -f "$dir.log"
    ninja -C "$dir" --quiet >&2 || ninja -C "$dir" >&2
}
