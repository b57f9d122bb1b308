import { join } from 'node:path';
import { testObjectPath } from '../live.js';
import type { Around } from './around.js';
import { alsoSaying, type Bad, NO_FILE, type Values } from './kinds.js';

/** Values that name a file, or a path at which one is to be */
export function fileValues(around: Around): Readonly<Record<string, Values>> {
  const object: Values = { good: [testObjectPath('commands')], bad: [...files(around), [[around.path('text')], /ELF/]] };
  const types: Values = { good: [testObjectPath('commands')], bad: [...files(around), [[around.path('text')], /ELF|BTF/]] };
  const data: Values = {
    good: [around.path('text')],
    bad: [
      [['/nonexistent/in'], NO_FILE],
      [[around.path('directory')], /directory/],
    ],
  };
  const output: Values = {
    good: [around.path('out')],
    bad: [
      [['/nonexistent/out'], NO_FILE],
      [[around.path('directory')], /directory/],
    ],
  };
  const pin: Values = {
    good: [join(around.bpffs.path, 'new')],
    bad: [
      [[join(around.bpffs.path, 'taken')], /exists/],
      [[join(around.bpffs.path, 'nosuch', 'pin')], NO_FILE],
      [[around.path('directory')], /BPF file system|exists|bpffs/],
      [['/proc/pin'], /./],
    ],
  };
  return {
    // By the types of an array of 64-bit numbers.
    'map export FILE': output,
    'map import FILE': {
      good: [around.path('text')],
      bad: [
        [['/nonexistent/in'], NO_FILE],
        [[around.path('directory')], /directory/],
        [[around.path('text')], /./],
        [[around.path('hostile')], /./],
      ],
    },
    'batch FILE': {
      good: [around.path('text')],
      bad: [
        [['/nonexistent/in'], NO_FILE],
        [[around.path('directory')], /directory/],
      ],
    },
    'prog dump FILE': output,
    'data_in FILE': data,
    'ctx_in FILE': data,
    'prog run FILE': alsoSaying(output, 'more data came out|does not take'),
    'prog pin FILE': pin,
    'map pin FILE': pin,
    'link pin FILE': pin,
    'link attach FILE': pin,
    'btf dump FILE': types,
    'btf show FILE': types,
    'btf show KIND': { good: ['struct'], bad: [[['nosuch'], /where the types are/]] },
    'btf show MODULE': {
      good: ['vmlinux'],
      bad: [
        [['nosuch'], /no types of a module 'nosuch'/],
        [['../btf/vmlinux'], /no types of a module/],
      ],
    },
    'gen ts FILE': { ...object, good: [testObjectPath('ring-buffer')] },
    FILE: object,
    'kernel_btf FILE': types,
    OBJ: { ...object, good: [testObjectPath('dump')] },
    'iter pin OBJ': { ...object, good: [testObjectPath('hooks-iter')] },
    // A device that takes no programs is found out first.
    'prog load PATH': alsoSaying(pin, 'not supported'),
    'prog loadall PATH': alsoSaying(pin, 'not supported|not a directory'),
    'map create FILE': alsoSaying(pin, 'not supported'),
    PATH: pin,
    INPUT: object,
    'gen object OUTPUT': alsoSaying(output, 'defines it too'),
    'gen min_core_btf INPUT': types,
    'gen min_core_btf OBJECT': object,
    OUTPUT: output,
    DIR: { good: [join(around.bpffs.path, 'dir')], bad: [[[around.path('text')], /text/]] },
    LINK_DIR: { good: [join(around.bpffs.path, 'links')], bad: [[[around.path('text')], /./]] },
  };
}

/** What no file with an object or types may be. */
function files(around: Around): Bad[] {
  return [
    [['/nonexistent/file'], NO_FILE],
    [[around.path('directory')], /directory/],
    [['/dev/zero'], /\/dev\/zero/],
    [[around.path('fifo')], /is a pipe/],
    [['/proc/self/mem'], /\/proc\/self\/mem/],
    [[`${around.path('text')}/file`], /not a directory/],
    [['a'.repeat(5000)], /name too long/],
    [[''], /./],
    [[around.path('empty')], /empty/],
    [[around.path('truncated')], /truncated/],
    [[around.path('hostile')], /hostile/],
  ];
}
