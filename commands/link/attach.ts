import { UsageError } from '../../src/errors.js';
import { attach, placeText } from '../../src/link/attach.js';
import { Held } from '../../src/link/attachment.js';
import { Link } from '../../src/link/link.js';
import { type ListedLink, listLink } from '../../src/link/listing.js';
import { preparePin, Rollback } from '../../src/system/bpffs.js';
import { list, type Options, one, subcommand } from '../command.js';
import type { Words } from '../line/words.js';
import { takeProgram } from '../reference/reference.js';
import { takeTarget } from '../target-words.js';
import { Stop } from '../wait.js';
import { durationOf } from '../watching.js';
import { linkFields, linkText } from './show.js';

/** What was attached: a link, or something without one that stays until it is detached. */
interface Row {
  readonly place: string;
  readonly link: ListedLink | undefined;
  /** Waiting for Ctrl-C, which detaches. */
  readonly held: boolean;
}

/** `link attach PROG HOOK [TARGET] [WORD...] [pin PATH]` */
export const attachLink = subcommand<Row>({
  name: 'attach',
  summary: 'Attach a program to any hook; without a pin the link is held until Ctrl-C',
  grammar: 'PROG HOOK [TARGET] [WORD...] [pin FILE]',
  options: [{ flags: '--for <time>', summary: 'detach after this time (5s, 500ms, 10m) instead of at Ctrl-C' }],
  examples: [
    'bpf-ts link attach id 7 xdp eth0 mode generic pin /sys/fs/bpf/drop',
    'bpf-ts link attach name count tcx/ingress dev eth0 before link id 4',
    'bpf-ts link attach pinned /sys/fs/bpf/prog cgroup/connect4 /sys/fs/cgroup/app --for 5s',
    'bpf-ts link attach id 9 tracepoint/sched/sched_switch cookie 42',
  ],
  run: (words, options) => {
    const time = durationOf(options.own.for);
    const stop = new Stop();
    try {
      const attached = attachAndPin(words, options);
      const { attachment, pinned } = attached;
      if (!pinned && (attachment instanceof Link || !attachment.stays)) return list(hold(attached, stop, time));
      stop[Symbol.dispose]();
      return one(leave(attached));
    } catch (error) {
      stop[Symbol.dispose]();
      throw error;
    }
  },
  plain: (row) =>
    `${row.link ? `${linkText(row.link)}\n` : ''}${row.held || !row.link ? `attached to ${row.place}${row.held ? '; Ctrl-C detaches' : ''}\n` : ''}`,
  json: (row) => ({ ...(row.link && linkFields(row.link)), attached_to: row.place }),
});

interface Attached {
  readonly attachment: Link | Held;
  readonly link: ListedLink | undefined;
  readonly place: string;
  readonly pinned: boolean;
}

function attachAndPin(words: Words, { nomount }: Options): Attached {
  using program = takeProgram(words);
  using target = takeTarget(words, ['pin']);
  const path = words.takeIf('pin') ? words.next('FILE') : undefined;
  words.end();
  using rollback = new Rollback();
  if (path !== undefined) preparePin(path, { nomount, rollback });
  const attachment = attach(program, target.hook, target.words);
  rollback.add(() => attachment[Symbol.dispose]());
  // Nothing may fail once it is pinned, so the kernel is asked for what is shown of the link before.
  const link = attachment instanceof Link ? listLink(attachment) : undefined;
  if (path !== undefined) pin(attachment, path);
  rollback.commit();
  return { attachment, link, place: placeText(target.hook, target.words), pinned: path !== undefined };
}

function pin(attachment: Link | Held, path: string): void {
  if (!(attachment instanceof Link)) throw new UsageError('what is attached there has no link that could be pinned');
  attachment.pin(path);
}

/** A pinned link, or what needs no holder: only described. */
function leave({ attachment, link, place }: Attached): Row {
  if (attachment instanceof Held) attachment.leave();
  else attachment[Symbol.dispose]();
  return { place, link, held: false };
}

async function* hold({ attachment, link, place }: Attached, stop: Stop, time: number | undefined): AsyncGenerator<Row> {
  using _ = attachment;
  yield { place, link, held: true };
  await stop.wait(time);
}
