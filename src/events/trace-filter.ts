import { printkPattern } from '../object/printk.js';
import type { ObjectSpec } from '../object/spec.js';
import type { LineFilter } from './trace-pipe.js';

// trace_seq of a bpf_trace_printk event: task and pid, [CPU], flags, time, the event's name (kernel/trace/trace_output.c). TGIDs stand there if they are asked for.
const PRINTED = /^.*-\d+ +(?:\( *[\d-]+\) +)?\[\d+\] \S+ +[\d.]+: bpf_trace_printk: (.*)\n?$/;
const LOST = /^CPU:\d+ \[LOST \d+ EVENTS\]\n?$/;

/**
 * A filter for the trace pipe that lets through what programs of these objects print. The pipe does not name the program, so a message counts as theirs when it fits one
 * of their format strings; of an object without such constants every program's messages do. Further lines of a message go with its first.
 */
export function printkFilter(specs: readonly Pick<ObjectSpec, 'maps'>[]): LineFilter {
  const patterns = specs.map((spec) => printkPattern(spec));
  let wanted = false;
  return (line) => {
    if (LOST.test(line)) return true;
    const message = PRINTED.exec(line)?.[1];
    if (message !== undefined) wanted = patterns.some((pattern) => pattern === undefined || pattern.test(message));
    else if (isHeader(line)) wanted = false;
    return wanted;
  };
}

/** A line of another kind of event. */
function isHeader(line: string): boolean {
  return /^.*-\d+ +(?:\( *[\d-]+\) +)?\[\d+\] \S+ +[\d.]+: /.test(line);
}
