import type { Btf } from '../src/btf/btf.js';
import { UsageError } from '../src/errors.js';
import type { CoreObject } from '../src/gen/min-core-btf.js';
import { isBtf, NoTypes, readCoreObject, readTypes } from '../src/gen/sources.js';
import { readFile } from './input-file.js';
import { INVALID, IO_ERROR, NO_DATA, ofErrno, type StatusOf, withStatus } from './print/errno-status.js';
import { NO_OBJECT } from './print/file-status.js';

/** Reads the types in a file; when it fails, that ends with bpftool's status. */
export function typesOfFile(path: string, base?: Btf): Btf {
  return read(path, (bytes) => readTypes(bytes, path, base));
}

/** Reads what an object relocates against; when it fails, that ends with bpftool's status. */
export function coreObjectOfFile(path: string): CoreObject {
  return read(path, (bytes) => readCoreObject(bytes, path));
}

function read<T>(path: string, parse: (bytes: Uint8Array) => T): T {
  const bytes = withStatus(() => readFile(path, 'types'), ofUnreadable);
  return withStatus(
    () => parse(bytes),
    (error) => (bytes.length === 0 ? IO_ERROR : isBtf(bytes) ? INVALID : error instanceof NoTypes ? NO_DATA : NO_OBJECT),
  );
}

/** A folder or device is refused before it is read: bpftool tries to. */
const ofUnreadable: StatusOf = (error) => (error instanceof UsageError ? IO_ERROR : ofErrno(error));
