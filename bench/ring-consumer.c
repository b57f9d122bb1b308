// What the ring buffer benchmark compares with: libbpf's own reader. ring-consumer MAP_ID: reads until its standard input is closed and nothing comes any more.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t count, next, gaps;
static double first, last;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static int take(void *context, void *data, size_t size)
{
	uint64_t number = *(uint64_t *)data;

	if (count == 0)
		first = now();
	else if (number != next)
		gaps++;
	next = number + 1;
	count++;
	return 0;
}

static int closed(void)
{
	struct pollfd input = { .fd = 0, .events = POLLIN };

	return poll(&input, 1, 0) > 0;
}

int main(int argc, char **argv)
{
	int map = argc == 2 ? bpf_map_get_fd_by_id(atoi(argv[1])) : -1;
	struct ring_buffer *ring = map < 0 ? NULL : ring_buffer__new(map, take, NULL, NULL);

	if (!ring)
		return 1;
	puts("ready");
	fflush(stdout);
	for (;;) {
		int taken = ring_buffer__poll(ring, 50);

		if (taken > 0)
			last = now();
		else if (taken < 0 || closed())
			break;
	}
	printf("{\"count\":%lu,\"seconds\":%.6f,\"gaps\":%lu}\n", count, last - first, gaps);
	return 0;
}
