# The first process of a guest, once the host's file system is its root: makes a machine of it, runs what /run/results/command says, and powers off.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
exec </dev/null >/dev/hvc0 2>&1
stty raw -echo </dev/hvc0 2>/dev/null
. /run/results/command

mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
ln -sf /proc/self/fd /dev/fd
mount -t cgroup2 cgroup2 /sys/fs/cgroup
echo '+memory +pids' >/sys/fs/cgroup/cgroup.subtree_control
# For root alone, as systemd mounts it.
mount -t bpf -o mode=700 bpf /sys/fs/bpf
mount -t tracefs tracefs /sys/kernel/tracing
mount -t debugfs debugfs /sys/kernel/debug
mount -t securityfs securityfs /sys/kernel/security

# Modules come when the kernel asks for them, as cls_bpf when a filter is made.
mkdir -p /lib/modules /boot
mount --bind "$GUEST_MODULES" /lib/modules
cp "$GUEST_CONFIG" "/boot/config-$(uname -r)"
command -v modprobe >/proc/sys/kernel/modprobe
ip link set lo up

(run)
echo $? >/run/results/status
exec /run/busybox poweroff -f
