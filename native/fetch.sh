#!/bin/sh
# Fetches the llama.cpp libraries of one platform and variant into node_modules, and from there into a folder if one is named:
#   fetch.sh linux-x64 cuda [FOLDER]
set -eu
cd "$(dirname "$0")"
# Containers call the same processor amd64.
platform=$(echo "$1" | sed s/amd64/x64/)
variant=$2
folder=${3:-}
# The platform is given, not detected, so that a build for another machine gets that machine's libraries.
npm ci --ignore-scripts --workspace="@llamahost/$platform-$variant" --os=linux --cpu="${platform#linux-}" --libc=glibc
# They are optional packages, so that npm is silent if it can't get them.
if ! ls node_modules/@node-llama-cpp/*/bins/* > /dev/null 2>&1; then
    echo "npm could not fetch the llama.cpp libraries of $platform-$variant: see whether it reaches its registry (npm ping)." >&2
    exit 1
fi
if [ -n "$folder" ]; then
    mkdir -p "$folder"
    cp -r node_modules/@node-llama-cpp/*/bins/*/. "$folder"
    # They belong to llama.cpp's own tools, and to Node.js.
    rm -f "$folder"/libllama-common* "$folder"/*.node "$folder"/_*
fi
