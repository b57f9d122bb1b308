import { mapTypes } from '../../src/kernel/names.js';

/** What keys and values are, in grammar lines. */
export const DATA_TERMS = [
  'DATA := [hex] BYTE...',
  'VALUE := { DATA | MAP | PROG }',
  'KEY := TYPED',
  'TYPED := by its BTF type: 5, 0x10, be(80), "text", 10.0.0.1, [1, 2], {member: 1}, hex("0a 00")',
  'SOURCE := { MAP | file FILE }',
  'UPDATE_FLAGS := { any | exist | noexist }',
] as const;

/** The types for help, in the kernel's order. */
export const TYPE_TERM = `TYPE := { ${mapTypes.names.slice(1).join(' | ')} }`;
