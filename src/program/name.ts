import { progGetFdById } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { Program } from './program.js';

/** The name of a program, of which only its id is known; empty where it has none, or has gone meanwhile. @throws SyscallError when it may not be opened */
export function programName(id: number): string {
  try {
    using program = new Program(progGetFdById(id));
    return program.name;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return '';
    throw error;
  }
}

/** The same for a table, which can do without: empty also where the program may not be opened. */
export function programNameIfAny(id: number): string {
  try {
    return programName(id);
  } catch {
    return '';
  }
}
