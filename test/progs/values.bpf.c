// Values of every kind of type, and a map whose elements hold the same.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

typedef char letter;
typedef unsigned int number;

enum color { RED, GREEN = 5, BLUE = -3 };
enum flags { LOW = 1, HIGH = 0x80000000 };
enum wide { SMALL = 1, LARGE = 0x123456789abcdef0 };

struct bits {
  int a : 3;
  unsigned int b : 7;
  int : 6;
  unsigned long long c : 40;
  _Bool d : 1;
};

struct point {
  int x, y;
};

struct everything {
  signed char i8;
  unsigned char u8;
  short i16;
  unsigned short u16;
  int i32;
  number u32;
  long long i64;
  unsigned long long u64;
  unsigned long long large;
  unsigned __int128 u128;
  __int128 small;
  _Bool yes, no;
  char one, name[8], quoted[8], full[4], binary[4];
  const char fixed[4];
  letter letters[4];
  enum color color, other;
  enum flags flags;
  enum wide wide, unknown;
  struct bits bits;
  struct point points[2][2];
  struct {
    int inner;
    union {
      unsigned int word;
      unsigned char bytes[4];
    };
  };
  struct {
  } empty;
  void *pointer;
  struct everything *null;
  int (*function)(int);
  int none[0];
};

#define EVERYTHING                                                                                                                                   \
  {                                                                                                                                                  \
    .i8 = -1, .u8 = 255, .i16 = -2, .u16 = 65535, .i32 = -3, .u32 = 4000000000, .i64 = -9007199254740993, .u64 = 9007199254740991,                   \
    .large = 18446744073709551615ULL, .u128 = ((unsigned __int128)1 << 64) + 2, .small = 7, .yes = 1, .one = 'A', .name = "bpf", .quoted = "a\"\\b", \
    .full = {'f', 'u', 'l', 'l'}, .binary = {'a', 10, 0, 1}, .fixed = "abc", .letters = "xyz", .color = GREEN, .other = 99, .flags = HIGH,            \
    .wide = LARGE, .unknown = (enum wide)0xfedcba9876543210, .bits = {.a = -2, .b = 100, .c = 0x123456789a, .d = 1},                                  \
    .points = {{{1, 2}, {3, 4}}, {{5, 6}, {-7, -8}}}, {.inner = 9, {.word = 0x04030201}}, .pointer = (void *)0x1234,                                  \
  }

struct everything all = EVERYTHING;
static volatile unsigned long long counter = 1;
int list[3] = {1, -2, 3};
char text[16] = "hello";
double real;
const volatile struct bits constant = {.a = 1, .b = 2, .c = 3};
int zero[2];

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, struct point);
  __type(value, struct everything);
} table SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, struct bits);
} cpus SEC(".maps");

SEC("socket")
int fill(struct __sk_buff *skb) {
  struct point key = {1, -1};
  bpf_map_update_elem(&table, &key, &all, 0);
  counter += constant.b + zero[0];
  return list[0] + text[0];
}

char _license[] SEC("license") = "GPL";
