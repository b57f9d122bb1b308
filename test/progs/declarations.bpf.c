// Declarations that are hard to print in C: holes, packing, bitfields, functions, types that need each other.
typedef unsigned int u32;
typedef int (*handler)(const char *name, void *const data, ...);
typedef handler handlers[2][3];

struct later;
struct node;
union either;

enum { FIRST = 1, SECOND };
enum color { RED, GREEN = 0x80000000 };
enum signs { MINUS = -1, PLUS = 1 };
enum wide { LARGE = 0x123456789abcdef0 };
enum tiny { NOTHING } __attribute__((packed));

struct list {
  struct list *next, **before;
  struct node *owner;
};

struct node {
  struct list list;
  struct later *later;
  union either *other;
  int (*compare)(struct node *, struct node *);
};

union either {
  struct node node;
  long numbers[4];
};

struct holes {
  char a;
  int b __attribute__((aligned(16)));
  short c;
  long d __attribute__((aligned(32)));
  char end;
} __attribute__((aligned(64)));

struct packed {
  char a;
  int b;
  short c;
} __attribute__((packed));

struct bits {
  int a : 3;
  int : 5;
  unsigned b : 20;
  int : 0;
  _Bool c : 1;
  long d : 33;
  char e;
  int f : 7;
};

struct empty {};

struct nested {
  struct {
    int x;
    struct empty empty;
    union {
      u32 y;
      struct {
        char z;
      } deep[2];
    };
  };
  enum { INNER_A, INNER_B } inner;
  struct {
    struct packed p;
  } *pointer;
  volatile const int *const volatile chain[4];
  const handlers table;
  int (*(*returns)(int))[5];
  void (*functions[3])(void);
  enum color color;
  enum signs signs;
  enum wide wide;
  enum tiny tiny;
  _Bool yes;
  long double large;
  char flexible[];
};

struct unused_pointer {
  const void *restrict data;
  struct never *never;
};

struct nested *a;
union either *b;
struct holes *c;
struct bits *d;
struct unused_pointer *e;
enum color f;
int g = SECOND;
