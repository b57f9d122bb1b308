import { type Bad, number, type Values } from './kinds.js';

/** Values that stand for nothing but themselves: numbers, bytes, names, types */
export function wordValues(): Readonly<Record<string, Values>> {
  const bytes: Bad[] = [
    [['1', '0', '0'], /byte/],
    [['1', '0', '0', '256'], /256/],
    [['1', '0', '0', 'x'], /'x'/],
    [['hex', '1', '0', '0', '100'], /100/],
    [[], /missing|byte/],
  ];
  return {
    OBJECT: { good: ['prog'], bad: [[['nosuch'], /no command 'nosuch'/]] },
    'run COMMAND': { good: ['true'], bad: [[['/nonexistent/command'], /nonexistent|needs an interface/]] },
    ARG: { good: ['word'], bad: [] },
    COMMAND: { good: ['show'], bad: [[['nosuch'], /no command 'nosuch'/]] },
    DATA: { good: ['1', '0', '0', '0'], bad: bytes },
    VALUE: { good: ['1', '0', '0', '0', '0', '0', '0', '0'], bad: bytes },
    // It has numbers for values.
    'map set KEY MAP': { good: ['2'], bad: [] },
    'map set KEY PROG': { good: ['2'], bad: [] },
    KEY: {
      good: ['1'],
      bad: [
        [['x'], /x/],
        [['-1'], /-1/],
        [['4294967296'], /4294967296/],
        [['{a: 1'], /./],
        [['{a: 1}'], /./],
      ],
    },
    TYPED: {
      good: ['2'],
      bad: [
        [['x'], /x|BTF/],
        [['18446744073709551616'], /18446744073709551616|BTF/],
      ],
    },
    M: { good: ['0'], bad: number('4294967296') },
    SECONDS: {
      good: ['1'],
      bad: [
        [['x'], /'x'/],
        [['99999999999'], /99999999999/],
      ],
    },
    UPDATE_FLAGS: { good: ['any'], bad: [[['nosuch'], /'nosuch'/]] },
    'btf show KIND NAME': { good: ['list_head'], bad: [[['list_haed'], /no struct list_haed in .*did you mean/]] },
    'btf show NAME': {
      good: ['int'],
      bad: [
        [['no_such_type'], /no type no_such_type/],
        [['[z-a]*'], /no pattern/],
      ],
    },
    'prog load name NAME': { good: ['totals'], bad: [[['nosuch'], /no map named 'nosuch'/]] },
    'prog loadall name NAME': { good: ['totals'], bad: [[['nosuch'], /no map named 'nosuch'/]] },
    'idx N': { good: ['0'], bad: [...number('4294967296'), [['99'], /99/]] },
    OBJECT_NAME: { good: ['name'], bad: [] },
    N: { good: ['1'], bad: number('4294967296') },
    KEY_SIZE: { good: ['4'], bad: number('4294967296') },
    VALUE_SIZE: { good: ['8'], bad: number('4294967296') },
    MAX_ENTRIES: { good: ['1'], bad: [...number('4294967296'), [['0'], /./]] },
    FLAGS: { good: ['0'], bad: [...number('4294967296'), [['0x80000000'], /./]] },
    'map create NAME': { good: ['name'], bad: [[['a b'], /a b/]] },
    TYPE: { good: ['xdp'], bad: [[['nosuch'], /nosuch/]] },
    'map create TYPE': {
      good: ['hash'],
      bad: [
        [['nosuch'], /nosuch/],
        [['has'], /'has'/],
      ],
    },
    'gen ts MAP': { good: ['events'], bad: [[['nosuch'], /nosuch/]] },
    'gen ts TYPE': { good: ['u64'], bad: [[['nosuch'], /nosuch/]] },
    ATTACH_TYPE: { good: ['sk_msg_verdict'], bad: [[['nosuch'], /nosuch/]] },
    'cgroup attach ATTACH_TYPE': { good: ['cgroup_device'], bad: [[['nosuch'], /nosuch/]] },
    'cgroup detach ATTACH_TYPE': { good: ['cgroup_device'], bad: [[['nosuch'], /nosuch/]] },
    'net attach ATTACH_TYPE': { good: ['xdp'], bad: [[['nosuch'], /nosuch/]] },
    'net detach ATTACH_TYPE': { good: ['xdp'], bad: [[['nosuch'], /nosuch/]] },
    HOOK: {
      good: ['tcx/ingress'],
      bad: [
        [['nosuch'], /nosuch/],
        [['xdp/'], /xdp/],
        [[''], /./],
      ],
    },
    TARGET: {
      good: ['dev', 'lo'],
      bad: [
        [['dev', 'nosuch'], /nosuch/],
        [['cgroup', '/nonexistent'], /nonexistent/],
      ],
    },
    WORD: {
      good: ['dev', 'lo'],
      bad: [
        [['nosuch'], /nosuch/],
        [['cookie', 'x'], /'x'/],
        [['priority', '99999999999'], /./],
      ],
    },
    COMPONENT: {
      good: ['kernel'],
      bad: [
        [['dev', 'nosuch'], /nosuch/],
        [['nosuch'], /nosuch/],
      ],
    },
    PREFIX: { good: ['P_'], bad: [] },
    GROUP: { good: ['helpers'], bad: [[['nosuch'], /nosuch/]] },
  };
}
