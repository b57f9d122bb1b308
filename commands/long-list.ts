// V8 compiles functions that ran often with its slowest compiler: by default after as much work as listing some hundred objects is.
const UP_TO_THE_SECOND_BEST = '--no-opt';
const MANY = 64;

let told = false;

/**
 * To be told how many objects of a list were printed so far. From some on, V8 is asked to leave its best compiler out: in lists, of which the kernel's part
 * is most of the time, it takes more than it saves, on all processors. (Only then, since the module to say so takes two milliseconds to load.) This holds for
 * the whole process, so it is for commands that end with their list.
 */
export function longList(count: number): void {
  if (told || count < MANY) return;
  told = true;
  if (!('bun' in process.versions)) process.getBuiltinModule('node:v8').setFlagsFromString(UP_TO_THE_SECOND_BEST);
}
