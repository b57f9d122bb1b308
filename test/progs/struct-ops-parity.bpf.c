// Registered by both tools in turn, and unregistered by the name of its map.
#include "congestion.h"

CONGESTION(ops, "bpf_ts_parity")
