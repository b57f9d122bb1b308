#!/usr/bin/env bash
# Compiles the seeds of the fuzzer; their debug information but for BTF is taken out. Needs clang-19 and llvm-strip-19. The results are committed.
set -euo pipefail
cd "$(dirname "$0")/../../.."
for name in everything legacy everything-big; do
  source=test/fuzz/corpus/${name%-big}.bpf.c target=bpf flags=(-g)
  case $name in
    legacy) flags=() ;;
    *-big) target=bpfeb ;;
  esac
  clang-19 -O2 "${flags[@]}" -target $target -mcpu=v3 "-ffile-prefix-map=$PWD=." "-I/usr/include/$(uname -m)-linux-gnu" -c "$source" -o "test/fuzz/corpus/$name.bpf.o"
  llvm-strip-19 -g "test/fuzz/corpus/$name.bpf.o"
done
