#!/usr/bin/env bash
# Compiles the BPF programs of the tests and examples: test/progs/build.sh [FILE.bpf.c ...], all of them without arguments.
# NAME.clang-14.bpf.c is for clang 14, every other for clang 19. Needs Debian's clang-19, clang-14, libbpf-dev. The results are committed.
set -euo pipefail
cd "$(dirname "$0")/../.."
files=("$@")
if [[ ${#files[@]} -eq 0 ]]; then mapfile -t files < <(find test/progs test/tools examples -name '*.bpf.c' | sort); fi
for source in "${files[@]}"; do
  compiler=clang-19
  case $source in *.clang-14.bpf.c) compiler=clang-14 ;; esac
  # The prefix map keeps the path of this checkout out of the debug information.
  "$compiler" -O2 -g -Wall -Wno-unknown-attributes -target bpf -mcpu=v3 "-ffile-prefix-map=$PWD=." "-I/usr/include/$(uname -m)-linux-gnu" -c "$source" -o "${source%.c}.o"
done
