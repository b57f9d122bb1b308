#!/usr/bin/env bash
# Prints the path of a bpftool 7.8 to compare with: that of Debian's trixie-backports with the libraries it needs, unpacked into a folder of its own;
# nothing on the system changes. Takes the mirror that apt is set up with. Root is not needed.
set -euo pipefail
home=${REFERENCE_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/bpf-ts-reference}
tool=$home/bpftool
[[ -x $tool ]] && { echo "$tool"; exit; }

mkdir -p "$home"/{apt/lists/partial,apt/cache/archives/partial,root}
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -1 | tr -d ' ' || true)
for suite in trixie trixie-backports; do
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror%/} $suite main"
done >"$home/apt/sources.list"
options=(-o "Dir::Etc::sourcelist=$home/apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$home/apt/lists" -o "Dir::Cache=$home/apt/cache"
  -o Dir::State::status=/dev/null -o APT::Sandbox::User=root)
{
  apt-get "${options[@]}" update
  cd "$home/apt"
  apt-get "${options[@]}" download bpftool/trixie-backports libc6 libelf1t64 libcap2 libssl3t64 zlib1g libzstd1
  for package in ./*.deb; do dpkg -x "$package" "$home/root"; done
  rm -f ./*.deb
} >"$home/log" 2>&1 || { echo "bpftool 7.8 could not be had, see $home/log" >&2; exit 1; }

# Programs of a newer Debian need its C library: its own loader finds it.
cat >"$tool" <<END
#!/bin/sh
exec "$(find "$home/root" -name 'ld-linux-*.so.*' | head -1)" --library-path "$home/root/usr/lib/$(uname -m)-linux-gnu" "$home/root/usr/sbin/bpftool" "\$@"
END
chmod +x "$tool"
echo "$tool"
