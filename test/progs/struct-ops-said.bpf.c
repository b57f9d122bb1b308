// Registered to see what is printed.
#include "congestion.h"

CONGESTION(said, "bpf_ts_said")
