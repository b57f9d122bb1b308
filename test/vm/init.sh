#!/bin/busybox sh
# The first process of a guest: finds the host's file system and hands over to guest.sh, which lies in it.
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs devtmpfs /dev
for module in /modules/*; do $b insmod "$module" || echo "init: cannot load $module"; done

word() { # the value of NAME=VALUE on the kernel's command line
  for each in $($b cat /proc/cmdline); do case $each in "$1"=*) echo "${each#*=}" ;; esac; done
}
end() {
  echo "init: $1"
  $b poweroff -f
}
share() { # TAG FOLDER OPTIONS
  $b mount -t 9p -o "trans=virtio,version=9p2000.L,msize=512000,$3" "$1" "$2"
}

# The host's files are read-only; what the guest writes goes to memory and is gone with it.
share host /lower cache=loose,ro || end 'the host'\''s file system cannot be mounted'
$b mount -t tmpfs tmpfs /upper
$b mkdir /upper/data /upper/work
$b mount -t overlay -o lowerdir=/lower,upperdir=/upper/data,workdir=/upper/work overlay /root || end 'no overlay on the host'\''s file system'

$b mkdir -p /root/run
$b mount -t tmpfs tmpfs /root/run
$b mkdir /root/run/results
$b cp $b /root/run/busybox
share results /root/run/results cache=none || end 'the folder for results cannot be mounted'
script=$(word bpf-ts.script)
for each in proc sys dev; do $b mount -o move "/$each" "/root/$each"; done
cd /root || end 'no root'
exec $b switch_root /root /bin/sh "$script"
