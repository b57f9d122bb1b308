/* A program of netfilter, which kernels before 6.4 do not load. */
#include "count.h"

#define NF_ACCEPT 1

PROGRAM("netfilter", accept, void, NF_ACCEPT)
