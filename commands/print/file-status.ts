import { ParseError } from '../../src/bytes/cursor.js';
import { UsageError } from '../../src/errors.js';
import { ofErrno, type StatusOf } from './errno-status.js';

/** Minus LIBBPF_ERRNO__FORMAT (4001) and LIBBPF_ERRNO__LIBELF (4000), of which a shell sees one byte. */
export const NO_OBJECT = 95;
const NO_FILE = 96;

/** Of a file that can be read, but is no object. */
export const ofFormat: StatusOf = (error) => (error instanceof ParseError ? NO_OBJECT : undefined);

/** Of an object file that cannot be read, is no regular file, or holds something else. */
export const ofObjectFile: StatusOf = (error) => ofErrno(error) ?? (error instanceof UsageError ? NO_FILE : ofFormat(error));
