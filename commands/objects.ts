import type { ObjectCommand, Subcommand } from './command.js';

type Loaded = { readonly command: ObjectCommand | Subcommand };

/** A first word of the command line. Its module is loaded only when it is the one that is meant. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Loaded>;
}

/**
 * One line for each object, in bpftool's order, which decides what a prefix means (help batch prog map link cgroup perf net feature btf gen
 * struct_ops iter token version); what bpftool has not comes after.
 */
export const OBJECTS: readonly Entry[] = [
  { name: 'help', summary: 'Show help on a command', load: () => import('./help.js') },
  { name: 'batch', summary: 'Run the commands of a file', load: () => import('./batch.js') },
  { name: 'prog', summary: 'Programs: show, load, dump, pin, attach, run', load: () => import('./prog.js') },
  { name: 'map', summary: 'Maps: show, create, read, change, pin', load: () => import('./map.js') },
  { name: 'link', summary: 'Links: show, attach, pin, detach', load: () => import('./link.js') },
  { name: 'cgroup', summary: 'Programs attached to cgroups', load: () => import('./cgroup.js') },
  { name: 'perf', summary: 'Programs on perf events and raw tracepoints', load: () => import('./perf.js') },
  { name: 'net', summary: 'Programs attached to network interfaces', load: () => import('./net.js') },
  { name: 'feature', summary: 'What this kernel can do', load: () => import('./feature.js') },
  { name: 'btf', summary: 'BTF objects: types of the kernel and of programs', load: () => import('./btf.js') },
  { name: 'gen', summary: 'Make files from object files: objects, BTF, code', load: () => import('./gen.js') },
  { name: 'struct_ops', summary: "Structs of the kernel's whose functions are programs", load: () => import('./struct-ops.js') },
  { name: 'iter', summary: 'Iterators: programs that run when a file is read', load: () => import('./iter.js') },
  { name: 'token', summary: 'BPF tokens: what is delegated to user namespaces', load: () => import('./token.js') },
  { name: 'version', summary: 'Show the version', load: () => import('./version.js') },
  { name: 'run', summary: 'Load an object file, attach its programs, stay until Ctrl-C', load: () => import('./run.js') },
  { name: 'top', summary: 'Programs by what they do now: CPU, events a second', load: () => import('./top.js') },
  { name: 'watch', summary: 'Programs, maps and links that come and go, as they do', load: () => import('./watch.js') },
  { name: 'events', summary: 'Show what programs send through a ring or perf buffer', load: () => import('./events.js') },
  { name: 'graph', summary: 'What hangs together: programs, maps, links, pins, processes', load: () => import('./graph.js') },
  { name: 'completion', summary: 'What makes a shell complete the words of bpf-ts', load: () => import('./completion.js') },
];
