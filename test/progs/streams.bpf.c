/* Prints into its own streams. Kernels differ in how the function is called: it got a name of its own in 6.18, and lost its last argument in 7.0. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_stream_vprintk_impl(int stream, const char *format, const void *args, __u32 length, void *aux) __weak __ksym;
extern int bpf_stream_vprintk(int stream, const char *format, const void *args, __u32 length) __weak __ksym;

static int say(int stream, const char *format, const void *args, __u32 length)
{
	if (bpf_stream_vprintk_impl)
		return bpf_stream_vprintk_impl(stream, format, args, length, 0);
	if (bpf_stream_vprintk)
		return bpf_stream_vprintk(stream, format, args, length);
	return -1;
}

SEC("syscall") int speak(void *context)
{
	static const char out[] = "number %d\n", begun[] = "no end", err[] = "an error\n";
	__u64 number = 7;

	int error = say(1, out, &number, sizeof(number));

	say(1, begun, &number, 0);
	say(2, err, &number, 0);
	return error;
}

char LICENSE[] SEC("license") = "GPL";
