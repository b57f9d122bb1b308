import { UsageError } from '../src/errors.js';
import type { XdpMode } from '../src/hook/hook.js';
import { Link } from '../src/link/link.js';
import type { TargetWords } from '../src/link/target.js';
import { type AttachedObject, attachObject } from '../src/load/attach-object.js';
import type { LoadedObject } from '../src/load/loaded-object.js';
import { type Form, type Options, subcommand } from './command.js';
import { GrammarError, isPrefix, parseInteger } from './line/words.js';
import { loadObject, readObject } from './loading/object-file.js';
import { choose, LOAD_OPTIONS } from './loading/options.js';
import { Report } from './run/report.js';
import { parseDuration, Stop } from './wait.js';

/** `run FILE` */
export const command = subcommand({
  name: 'run',
  summary: 'Load an object file, attach its programs as their sections say, stay until Ctrl-C, leave nothing',
  grammar: 'FILE',
  options: [
    ...LOAD_OPTIONS,
    { flags: '--for <time>', summary: 'end after this time (5s, 500ms, 10m) instead of at Ctrl-C' },
    { flags: '--dump', summary: 'show what is in the maps at the end' },
    { flags: '--dev <name>', summary: 'the network interface for programs that attach to one' },
    { flags: '--mode <mode>', summary: 'how XDP programs run: driver, generic or offload' },
    { flags: '--egress', summary: 'tc programs see what leaves the interface, not what comes in' },
    { flags: '--cgroup <path>', summary: 'the cgroup for programs that attach to one' },
    { flags: '--netns <path>', summary: 'the network namespace for programs that attach to one; by default the own' },
    { flags: '--pid <pid>', summary: 'the process that probes of user functions, perf events and iterators are limited to' },
    { flags: '--target-map <name>', summary: "the object's map for programs that attach to one; by default its only map of sockets" },
  ],
  examples: [
    'bpf-ts run count.bpf.o --dev eth0 --for 5s --dump',
    'bpf-ts run policy.bpf.o --cgroup /sys/fs/cgroup/app',
    'bpf-ts -j run trace.bpf.o --for 1m --dump',
  ],
  run: (words, options) => {
    const file = words.next('FILE');
    words.end();
    const time = typeof options.own.for === 'string' ? parseDuration(options.own.for) : undefined;
    const given = wordsFrom(options.own);
    const running = start(file, given, options);
    let failed = false;
    const onFailure = () => {
      failed = true;
    };
    return {
      kind: 'stream',
      chunks: (form, depth) => report(running, form, depth, { time, dump: options.own.dump === true, onFailure }),
      exitCode: () => (failed ? 255 : 0),
    };
  },
});

interface Running {
  readonly loaded: LoadedObject;
  readonly attached: AttachedObject;
  readonly stop: Stop;
}

/** Options as the words of `link attach`; the map comes later, once it exists. */
function wordsFrom(own: Options['own']): Omit<TargetWords, 'map'> & { mapName?: string } {
  const text = (name: string) => (typeof own[name] === 'string' ? { [name]: own[name] } : {});
  return {
    ...text('dev'),
    ...text('cgroup'),
    ...text('netns'),
    ...(typeof own.pid === 'string' && { pid: processId(own.pid) }),
    ...(typeof own.mode === 'string' && { mode: xdpMode(own.mode) }),
    ...(own.egress === true && { egress: true }),
    ...(typeof own.targetMap === 'string' && { mapName: own.targetMap }),
  };
}

function processId(word: string): number {
  const pid = parseInteger(word);
  if (pid === undefined || pid < 1n || pid > 0x7fff_ffffn) throw new GrammarError(`--pid: '${word}' is no process id`);
  return Number(pid);
}

function xdpMode(word: string): XdpMode {
  const found = (['driver', 'generic', 'offload'] as const).find((mode) => isPrefix(word, mode));
  if (!found) throw new GrammarError(`--mode: expected 'driver', 'generic' or 'offload', got '${word}'`);
  return found;
}

/** Loads and attaches; a signal from here on ends the run in order. */
function start(file: string, { mapName, ...words }: ReturnType<typeof wordsFrom>, options: Options): Running {
  const stop = new Stop();
  let loaded: LoadedObject | undefined;
  try {
    const choice = choose(readObject(file, options), options);
    loaded = loadObject(choice.spec, choice.load, options);
    const map = mapName === undefined ? undefined : loaded.map(mapName);
    if (mapName !== undefined && !map) throw new UsageError(`--target-map: ${file} has no map named '${mapName}'`);
    const attached = attachObject(loaded, map ? { ...words, map } : words);
    if (attached.attached.length + attached.registered.length === 0) throw nothingToDo(file, attached);
    return { loaded, attached, stop };
  } catch (error) {
    loaded?.[Symbol.dispose]();
    stop[Symbol.dispose]();
    throw error;
  }
}

function nothingToDo(file: string, { unattached }: AttachedObject): UsageError {
  const programs = unattached.map(({ loaded, reason }) => `${loaded.spec.name}: ${reason}`);
  return new UsageError(`nothing of ${file} can be attached${programs.length > 0 ? ` (${programs.join('; ')})` : ': it has no programs'}`);
}

interface Ending {
  readonly time: number | undefined;
  readonly dump: boolean;
  readonly onFailure: () => void;
}

async function* report(running: Running, form: Form, depth: number, ending: Ending): AsyncGenerator<Uint8Array> {
  using stop = running.stop;
  using loaded = running.loaded;
  using attached = running.attached;
  const text = new Report(form, depth, ending.onFailure);
  for (const { loaded: program, place, attachment } of attached.attached) {
    yield text.attached(program, place, attachment instanceof Link ? attachment.info.id : undefined);
  }
  for (const { loaded: map, attachment } of attached.registered) {
    yield text.registered(map, attachment instanceof Link ? attachment.info.id : undefined);
  }
  for (const { loaded: program, reason } of attached.unattached) yield text.unattached(program, reason);
  await stop.wait(ending.time);
  // Detached first: the maps then stand still.
  attached[Symbol.dispose]();
  if (ending.dump) for (const map of loaded.maps) yield* text.map(map);
  yield text.end();
}
