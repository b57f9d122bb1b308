import { Link } from '../src/link/link.js';
import type { AttachedProgram } from '../src/load/attach-object.js';
import { type Form, type Options, subcommand } from './command.js';
import { EventWriter } from './events/event-writer.js';
import { pump, rest } from './events/pump.js';
import { GrammarError, isPrefix, parseInteger } from './line/words.js';
import { assignment, given, LOAD_OPTIONS } from './loading/options.js';
import { explain } from './print/explain.js';
import { tell } from './print/warn.js';
import type { ObservedCommand } from './run/observed.js';
import { Progress } from './run/progress.js';
import { Report } from './run/report.js';
import { Session, type SessionRequest } from './run/session.js';
import { Stop } from './wait.js';
import { durationOf } from './watching.js';

/** `run FILE... [-- COMMAND]` */
export const command = subcommand({
  name: 'run',
  summary: 'Load object files, attach their programs as their sections say, show what they say until Ctrl-C, leave nothing',
  grammar: 'FILE... [-- COMMAND [ARG...]]',
  takesCommand: true,
  options: [
    ...LOAD_OPTIONS,
    { flags: '--for <time>', summary: 'end after this time (5s, 500ms, 10m) instead of at Ctrl-C' },
    { flags: '--dump', summary: 'show what is in the maps at the end' },
    { flags: '--dev <name>', summary: 'the network interface for programs that attach to one' },
    { flags: '--mode <mode>', summary: 'how XDP programs run: driver, generic or offload' },
    { flags: '--egress', summary: 'tc programs see what leaves the interface, not what comes in' },
    {
      flags: '--netlink',
      summary:
        'tc programs become filters of clsact, also where the kernel has links for them (6.6), at which TC_ACT_STOLEN and TC_ACT_TRAP keep no packet',
    },
    { flags: '--cgroup <path>', summary: 'the cgroup for programs that attach to one' },
    { flags: '--netns <path>', summary: 'the network namespace for programs that attach to one; by default the own' },
    {
      flags: '--pid [pid]',
      summary: 'the process that probes of user functions, perf events and iterators are limited to; without a number that of COMMAND',
    },
    {
      flags: '--socket [pid:fd]',
      summary: 'the socket for programs that attach to one, as a descriptor of a process; without it every socket that COMMAND opens',
    },
    { flags: '--cookie <number>', summary: 'what bpf_get_attach_cookie() gives to the programs' },
    { flags: '--route <address>', summary: 'where packets go to whose route gets the programs: 10.1.0.0/24, with --dev' },
    { flags: '--local', summary: 'the route is one to this host' },
    { flags: '--device <path>', summary: 'the infrared receiver for programs that decode its pulses' },
    { flags: '--family <name>', summary: 'netfilter programs see packets of ip or ip6' },
    { flags: '--hook <name>', summary: 'where they see them: prerouting, input, forward, output or postrouting' },
    {
      flags: '--attach <name=hook>',
      summary: 'attach this program there instead of where its section says; more than one may be given',
      repeat: true,
    },
    { flags: '--target-map <name>', summary: "the object's map for programs that attach to one; by default its only map of sockets" },
  ],
  examples: [
    'bpf-ts run count.bpf.o --dev eth0 --for 5s --dump',
    'bpf-ts --ndjson run execsnoop.bpf.o | jq .event.comm',
    'bpf-ts run malloc.bpf.o --pid -- make -j4',
    'bpf-ts run opens.bpf.o exits.bpf.o --set min_ns=1000 --for 1m',
  ],
  run: async (words, options) => {
    const request = requestOf([words.next('FILE'), ...words.rest()], options);
    const time = durationOf(options.own.for);
    const stop = new Stop();
    try {
      const session = await Session.start(request, options, await startCommand(options));
      const run = new Run(session, stop, { time, dump: options.own.dump === true, options });
      return { kind: 'stream', live: true, chunks: (form, depth) => run.chunks(form, depth), exitCode: () => run.status };
    } catch (error) {
      stop[Symbol.dispose]();
      throw error;
    }
  },
});

/** What the command says does not get into JSON. */
async function startCommand({ command, json }: Options): Promise<ObservedCommand | undefined> {
  if (!command) return undefined;
  if (command.length === 0) throw new GrammarError('the command behind -- is missing');
  const { ObservedCommand } = await import('./run/observed.js');
  return new ObservedCommand(command, json ? 2 : 1);
}

function requestOf(files: readonly string[], { own, command }: Options): SessionRequest {
  const text = (name: string) => (typeof own[name] === 'string' ? { [name]: own[name] } : {});
  if (own.pid === true && !command) throw new GrammarError('--pid takes the id of a process, unless there is a command behind --');
  if (own.socket === true && !command) throw new GrammarError('--socket takes PID:FD, unless there is a command behind --');
  const words = {
    ...text('dev'),
    ...text('cgroup'),
    ...text('netns'),
    ...text('route'),
    ...text('device'),
    ...text('socket'),
    ...(typeof own.pid === 'string' && { pid: processId(own.pid) }),
    ...(typeof own.mode === 'string' && { mode: oneOf('--mode', own.mode, ['driver', 'generic', 'offload'] as const) }),
    ...(typeof own.cookie === 'string' && { cookie: cookie(own.cookie) }),
    ...(own.egress === true && { egress: true }),
    ...(own.local === true && { local: true }),
    ...(typeof own.family === 'string' && { family: oneOf('--family', own.family, ['ip', 'ip6'] as const) }),
    ...(typeof own.hook === 'string' && { hook: oneOf('--hook', own.hook, NETFILTER_HOOKS) }),
  };
  const mapName = typeof own.targetMap === 'string' ? own.targetMap : undefined;
  return {
    files,
    words,
    mapName,
    pidOfCommand: own.pid === true,
    socketsOfCommand: own.socket === true,
    hooks: new Map(given(own.attach).map((text) => assignment('--attach', text))),
    netlink: own.netlink === true,
  };
}

function processId(word: string): number {
  const pid = parseInteger(word);
  if (pid === undefined || pid < 1n || pid > 0x7fff_ffffn) throw new GrammarError(`--pid: '${word}' is no process id`);
  return Number(pid);
}

function cookie(word: string): bigint {
  const value = parseInteger(word);
  if (value === undefined || value > 0xffff_ffff_ffff_ffffn) throw new GrammarError(`--cookie: '${word}' is no number of 64 bits`);
  return value;
}

const NETFILTER_HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const;

/** A word out of a list, or the beginning of one. */
function oneOf<W extends string>(option: string, word: string, words: readonly W[]): W {
  const found = words.find((each) => each === word) ?? words.find((each) => isPrefix(word, each));
  if (found) return found;
  const names = words.map((each) => `'${each}'`);
  throw new GrammarError(`${option}: expected ${names.slice(0, -1).join(', ')} or ${names.at(-1)}, got '${word}'`);
}

interface Ending {
  readonly time: number | undefined;
  readonly dump: boolean;
  readonly options: Options;
}

const FAILED = 255;

/** What is printed from the attaching to the end, and how it ends. */
class Run {
  #failed = false;
  readonly #progress = new Progress();

  constructor(
    readonly session: Session,
    readonly stop: Stop,
    readonly ending: Ending,
  ) {}

  /** The command's, where there is one. */
  get status(): number {
    return this.#failed ? FAILED : (this.session.command?.status ?? 0);
  }

  async *chunks(form: Form, depth: number): AsyncGenerator<Uint8Array> {
    using _stop = this.stop;
    using session = this.session;
    const report = new Report(form, depth, () => this.#fail(), session.objects.length > 1);
    const writer = new EventWriter(report.elements);
    session.writer = writer;
    try {
      yield* this.#attachments(report);
      yield* this.#live(writer, report);
      if (this.ending.dump) yield* this.#maps(report);
    } catch (error) {
      // The array is to be closed, whatever happens.
      if (form === 'plain') throw error;
      this.#fail();
      yield report.failure(explain(error).sentence);
    } finally {
      this.#progress.clear();
    }
    yield report.end();
    if (writer.lost > 0n) tell(this.ending.options, `${writer.lost} events were lost: they did not fit the buffer`);
  }

  *#attachments(report: Report): Generator<Uint8Array> {
    for (const object of this.session.attached) {
      for (const program of object.attached) {
        yield report.attached(program.loaded, program.place, linkId(program));
        if (isIterator(program)) yield report.output(program.loaded, (program.attachment as Link).iterate());
      }
      for (const { loaded, attachment } of object.registered)
        yield report.registered(loaded, attachment instanceof Link ? attachment.info.id : undefined);
      for (const { loaded, reason } of object.unattached) yield report.unattached(loaded, reason);
    }
  }

  /** What is said until the end, and what was said before everything was detached. */
  async *#live(writer: EventWriter, report: Report): AsyncGenerator<Uint8Array> {
    const { session, stop, ending } = this;
    const { feed } = session.talk;
    if (ending.time !== undefined) stop.endAfter(ending.time);
    session.command?.begin(() => stop.end());
    if (this.#onlyIterators() && !session.command && ending.time === undefined) stop.end();
    for await (const text of pump(feed, writer, stop.signal, () => this.#progress.draw(writer.events, writer.lost))) {
      this.#progress.clear();
      yield text;
    }
    this.#progress.clear();
    await session.command?.end();
    // Detached first: maps and buffers then stand still.
    session.detach();
    session.talk.finish();
    yield* rest(feed, writer);
    for (const [loaded, reason] of session.sockets?.unattached ?? []) yield report.unattached(loaded, reason);
  }

  async *#maps(report: Report): AsyncGenerator<Uint8Array> {
    for (const object of this.session.objects) for (const map of object.maps) yield* report.map(map, object.spec);
  }

  /** They have said all that they have to say. */
  #onlyIterators(): boolean {
    return (
      this.session.attached.every(({ attached, registered }) => registered.length === 0 && attached.every(isIterator)) &&
      !this.session.sockets
    );
  }

  #fail(): void {
    this.#failed = true;
  }
}

function linkId({ attachment }: AttachedProgram): number | undefined {
  return attachment instanceof Link ? attachment.info.id : undefined;
}

function isIterator({ loaded, attachment }: AttachedProgram): boolean {
  return loaded.spec.hook?.name === 'iter' && attachment instanceof Link;
}
