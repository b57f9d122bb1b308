import { basename } from 'node:path';
import { ParseError } from '../../src/bytes/cursor.js';
import { UsageError } from '../../src/errors.js';
import { lightLoader } from '../../src/gen/light/loader.js';
import { linkObjects } from '../../src/gen/link/link.js';
import { skeletonName } from '../../src/gen/skeleton/identifiers.js';
import { lightSkeleton } from '../../src/gen/skeleton/light-skeleton.js';
import { skeleton } from '../../src/gen/skeleton/skeleton.js';
import { subskeleton } from '../../src/gen/skeleton/subskeleton.js';
import { typescriptModule } from '../../src/gen/ts/module.js';
import { parseObject } from '../../src/object/parse.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import { type Options, type Output, type Subcommand, subcommand } from '../command.js';
import { readFile } from '../input-file.js';
import type { Words } from '../line/words.js';
import { withStatus } from '../print/errno-status.js';
import { ofFormat } from '../print/file-status.js';

/** Characters that are written at once. */
const CHUNK = 1 << 16;
const NAMED_FILE = 'FILE [name OBJECT_NAME]';

/** What is made from an object for programs in C and TypeScript that use it. The code goes to stdout in every form of output. */
export const codeCommands: readonly Subcommand[] = [
  subcommand({
    name: 'skeleton',
    summary: 'Write a C header with which a program loads the object by libbpf',
    grammar: NAMED_FILE,
    examples: [
      'bpf-ts gen skeleton prog.bpf.o > prog.skel.h',
      'bpf-ts -L gen skeleton prog.bpf.o > prog.lskel.h',
      'bpf-ts -S -k key.pem -i cert.pem gen skeleton prog.bpf.o > prog.lskel.h',
    ],
    run: async (words, options) => {
      const { file, name } = readWords(words);
      const bytes = readFile(file, 'object');
      const ident = skeletonName(file, name);
      const spec = withStatus(
        () => parsed(bytes, file, ident, options),
        (error) => (bytes.length > 0 ? ofFormat(error) : undefined),
      );
      return code(options.useLoader ? await light(spec, ident, options) : skeleton(spec, bytes, ident));
    },
  }),
  subcommand({
    name: 'subskeleton',
    summary: 'Write a C header with which a library finds its part of a loaded object',
    grammar: NAMED_FILE,
    run: (words, options) => {
      const { file, name } = readWords(words);
      const ident = skeletonName(file, name);
      return code([subskeleton(parsed(readFile(file, 'object'), file, ident, options), ident)]);
    },
  }),
];

/** What bpftool has not; it comes after bpftool's own, so that prefixes mean what they mean there. */
export const tsCommand: Subcommand = subcommand({
  name: 'ts',
  summary: 'Write a TypeScript module with the types of the object, that loads it',
  grammar: 'FILE [name OBJECT_NAME] [event MAP TYPE]...',
  examples: ['bpf-ts gen ts prog.bpf.o > prog.ts', 'bpf-ts gen ts prog.bpf.o event rb exec_event > prog.ts'],
  run: (words, options: Options) => {
    const { file, name, events } = readWords(words, true);
    const bytes = withoutDebugInfo(readFile(file, 'object'), file);
    const spec = parseObject(bytes, { name: file, relaxedMaps: options.mapcompat });
    return code([typescriptModule(spec, bytes, { name: name ?? moduleName(file), file: basename(file), events })]);
  },
});

/** An object under the name that the C code has for it. What is wrong with it is told of the file. */
function parsed(bytes: Uint8Array, file: string, name: string, { mapcompat }: Options): ObjectSpec {
  try {
    return parseObject(bytes, { name, relaxedMaps: mapcompat });
  } catch (error) {
    if (!(error instanceof ParseError) || !error.what.startsWith(name)) throw error;
    throw new ParseError(file + error.what.slice(name.length), error.offset, error.reason);
  }
}

/** A module has the object in it: a link of it alone is a fraction as long. What cannot be linked is taken as it is. */
function withoutDebugInfo(bytes: Uint8Array, file: string): Uint8Array {
  try {
    return linkObjects([{ what: file, bytes }]);
  } catch (error) {
    if (error instanceof ParseError || error instanceof UsageError) return bytes;
    throw error;
  }
}

/** What it takes is only loaded for it: all else that is generated has nothing to do with this machine. */
async function light(spec: ObjectSpec, name: string, options: Options): Promise<Iterable<string>> {
  const { forNewestKernel } = await import('../../src/load/newest-kernel.js');
  const { spec: filled, pageSize } = forNewestKernel(spec);
  const signer = options.sign && (await import('../loading/signing.js')).signerFrom(options);
  const loader = lightLoader(filled, { fixed: signer !== undefined });
  return lightSkeleton(filled, loader, name, pageSize, signer?.seal(loader.instructions));
}

interface Said {
  readonly file: string;
  readonly name: string | undefined;
  readonly events: ReadonlyMap<string, string>;
}

function readWords(words: Words, mayHaveEvents = false): Said {
  const file = words.next('FILE');
  const events = new Map<string, string>();
  let name: string | undefined;
  while (words.left > 0) {
    if (words.takeIf('name')) {
      if (name !== undefined) throw new UsageError('the name is given twice');
      name = words.next('OBJECT_NAME');
      if (name === '') throw new UsageError('OBJECT_NAME is empty');
    } else if (mayHaveEvents && words.takeIf('event')) events.set(words.next('MAP'), words.next('TYPE'));
    else throw new UsageError(`expected ${mayHaveEvents ? "'name' or 'event'" : "'name'"}, got '${words.peek}'`);
  }
  return { file, name, events };
}

/** `exec-snoop.bpf.o` is `exec-snoop`. */
function moduleName(file: string): string {
  return basename(file).replace(/\..*$/s, '') || 'object';
}

/** No control character of a name in the object gets through to a terminal. */
function code(parts: Iterable<string>): Output<never> {
  const encoder = new TextEncoder();
  const encode = (text: string) => encoder.encode(text.replace(/[^\P{Cc}\n\t]/gu, '?'));
  return {
    kind: 'stream',
    *chunks() {
      let text = '';
      for (const part of parts) {
        text += part;
        if (text.length < CHUNK) continue;
        yield encode(text);
        text = '';
      }
      yield encode(text);
    },
  };
}
