#!/usr/bin/env bash
# Builds LlamaHost's images and runs them on a machine that has neither a container engine nor a registry to pull from. Needs root on Debian with the
# packages buildah, debootstrap, runc, jq, gcc and curl, the .NET SDK and Node.js; the base images are made from those, under the names that the
# Dockerfile gives. So it shows that the Dockerfile builds and how the program behaves in a container, and nothing about the real base images.
#
#   docker/without-engine.sh bases          make the base images
#   docker/without-engine.sh build TARGET   build a target of the Dockerfile: cpu, cuda12, cuda13 or vulkan
#   docker/without-engine.sh try TARGET     run it as compose.yaml does: not as root, nothing but /tmp writable, no capabilities; then ask it things
#   docker/without-engine.sh clean          remove everything again
#
# STORE names the folder that all is kept in; NUGET_CONFIG and NPM_CONFIG name the files that say where packages come from. SETTINGS,
# such as SETTINGS="LlamaHost__Threads=1 LlamaHost__KvCells=4096", is added to the container's environment.
set -euo pipefail
cd "$(dirname "$0")/.."
store=${STORE:-${TMPDIR:-/var/tmp}/llamahost-images}
nuget=${NUGET_CONFIG:-$HOME/.nuget/NuGet/NuGet.Config}
npm=${NPM_CONFIG:-$HOME/.npmrc}
port=${PORT:-18080}
mkdir -p "$store"
export BUILDAH_ISOLATION=chroot CONTAINERS_REGISTRIES_CONF=$store/registries.conf
echo 'unqualified-search-registries = ["docker.io"]' > "$CONTAINERS_REGISTRIES_CONF"

images() { buildah --root "$store/images" --runroot "$store/run" --storage-driver overlay "$@"; }

# The image NAME with the files of a folder, and settings as of "buildah config".
image() {
    local name=$1 folder=$2 container
    container=$(images from scratch)
    cp -a "$folder/." "$(images mount "$container")"
    images config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${@:3}" "$container"
    images commit --rm --quiet "$container" "$name"
}

# The name that a stage of the Dockerfile is made from.
base() { awk -v stage="$1" '$1 == "FROM" && $NF == stage { print $(NF - 2) }' Dockerfile; }

bases() {
    local root=$store/root dotnet
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    [ -d "$root/minimal" ] || debootstrap --variant=minbase --include=ca-certificates,libicu72,libssl3,libstdc++6,tzdata,zlib1g \
        bookworm "$root/minimal" "$(awk '$1 == "URIs:" { print $2; exit }' /etc/apt/sources.list.d/debian.sources)"
    rm -rf "$root/minimal/var/cache/apt/archives" "$root/minimal/var/lib/apt/lists"/*
    # What this machine trusts, and how it finds names.
    cp /etc/ssl/certs/ca-certificates.crt "$root/minimal/etc/ssl/certs/"
    cp /etc/resolv.conf "$root/minimal/etc/"
    chroot "$root/minimal" id app > /dev/null 2>&1 || chroot "$root/minimal" useradd --uid 1654 --user-group --create-home app
    local kind
    for kind in aspnet sdk node; do
        rm -rf "${root:?}/$kind"
        cp -a "$root/minimal" "$root/$kind"
    done
    mkdir "$root/aspnet/usr/share/dotnet"
    cp -a "$dotnet"/{dotnet,host,shared} "$root/aspnet/usr/share/dotnet/"
    cp -a "$dotnet" "$root/sdk/usr/share/dotnet"
    ln -s ../share/dotnet/dotnet "$root/sdk/usr/bin/dotnet"
    cp "$(command -v node)" "$root/node/usr/local/bin/"
    mkdir -p "$root/node/usr/local/lib/node_modules"
    cp -a "$(dirname "$(readlink -f "$(command -v npm)")")/.." "$root/node/usr/local/lib/node_modules/npm"
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/node/usr/local/bin/npm"
    image "$(base runtime)" "$root/aspnet" --env APP_UID=1654
    image "$(base build)" "$root/sdk"
    image "docker.io/library/$(base npm)" "$root/node"
    # Of CUDA there are only libraries without a function: a backend that is linked against them then misses the driver, as on a machine without one.
    local major library
    for major in 12 13; do
        cp -a "$root/minimal" "$root/cuda$major"
        mkdir -p "$root/cuda$major/usr/local/cuda/lib64"
        for library in libcudart libcublas libcublasLt; do
            gcc -shared -x c -Wl,-soname,"$library.so.$major" -o "$root/cuda$major/usr/local/cuda/lib64/$library.so.$major" /dev/null
        done
        image "docker.io/$(base "runtime-cuda$major")" "$root/cuda$major"
    done
    find "$root" -mindepth 1 -maxdepth 1 ! -name minimal -exec rm -r {} +
}

build() {
    local secrets=()
    [ ! -f "$nuget" ] || secrets+=(--secret "id=nuget,src=$nuget")
    [ ! -f "$npm" ] || secrets+=(--secret "id=npmrc,src=$npm")
    images build --format docker --pull-never --layers --target "$1" --tag "llamahost:$1" "${secrets[@]}" .
}

# What "docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --network host" asks for, as runc takes it.
specification() {
    runc spec --bundle "$store/bundle"
    images inspect --type image "llamahost:$1" | jq --arg root "$2" --arg port "$port" --arg settings "${SETTINGS:-}" \
        --slurpfile base "$store/bundle/config.json" '.Docker.config as $image | $base[0]
        | .root = { path: $root, readonly: true }
        | .process.terminal = false
        | .process.user = { uid: ($image.User | tonumber), gid: ($image.User | tonumber) }
        | .process.args = $image.Entrypoint
        | .process.cwd = $image.WorkingDir
        | .process.env = $image.Env + ["ASPNETCORE_HTTP_PORTS=" + $port] + ($settings | split(" "))
        | .process.capabilities = {}
        | .process.noNewPrivileges = true
        | del(.process.rlimits, .linux.resources)
        | .linux.namespaces |= map(select(.type != "network" and .type != "cgroup"))
        | .mounts |= map(select(.type != "cgroup"))
        | .mounts += [{ destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev", "mode=1777"] }]'
}

try() {
    local container root log=$store/log
    container=$(images from --pull-never "llamahost:$1")
    root=$(images mount "$container")
    mkdir -p "$store/bundle"
    rm -f "$store/bundle/config.json"
    specification "$1" "$root" > "$store/bundle/new.json"
    mv "$store/bundle/new.json" "$store/bundle/config.json"
    runc run --bundle "$store/bundle" llamahost-try > "$log" 2>&1 &
    local running=$!
    for _ in $(seq 60); do
        sleep 1
        ! runc exec llamahost-try /app/LlamaHost.Server health > "$store/health" 2>&1 || break
    done
    echo "health: $(cat "$store/health")"
    echo "user: $(runc exec llamahost-try id)"
    echo "writing beside the program: $(runc exec llamahost-try touch /app/file 2>&1 || true)"
    curl --silent --show-error "http://localhost:$port/generate" --header 'content-type: application/json' \
        --data '{"prompt": "Once upon a time", "max_new_tokens": 20, "do_sample": false}' || true
    echo
    runc kill llamahost-try TERM
    wait "$running" && echo "ended with code 0 at SIGTERM" || echo "ended with code $? at SIGTERM"
    cat "$log"
    images rm "$container" > /dev/null
}

clean() {
    images rm --all > /dev/null
    images rmi --all --force > /dev/null
    rm -rf "$store"
}

case ${1:-} in
    bases | clean) "$1" ;;
    build | try) "$1" "${2:?which target?}" ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" ;;
esac
