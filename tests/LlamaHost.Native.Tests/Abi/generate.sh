#!/bin/sh
# Prints the layout of the bound structs as the C compiler sees it: Abi/generate.sh LLAMA_CPP_SOURCES > Abi/abi-v0.5.0.json
# LLAMA_CPP_SOURCES is a source tree of llama.cpp v0.5.0, of which only include/ and ggml/include/ are read.
set -eu
here=$(dirname "$0")
probe=$(mktemp)
trap 'rm -f "$probe"' EXIT
"${CC:-gcc}" -std=c11 -Wno-deprecated-declarations -I "$1/include" -I "$1/ggml/include" -o "$probe" "$here/probe.c"
"$probe"
