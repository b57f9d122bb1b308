import { mapTypes } from '../../src/kernel/names.js';

/** What keys and values are, in grammar lines. */
export const DATA_TERMS = ['DATA := [hex] BYTE...', 'VALUE := { DATA | MAP | PROG }', 'UPDATE_FLAGS := { any | exist | noexist }'] as const;

/** The types for help, in the kernel's order. */
export const TYPE_TERM = `TYPE := { ${mapTypes.names.slice(1).join(' | ')} }`;
