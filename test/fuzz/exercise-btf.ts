import type { Btf } from '../../src/btf/btf.js';
import { headerOf } from '../../src/btf/c.js';
import { codecOf } from '../../src/btf/codec.js';
import { encodeBtf } from '../../src/btf/encode.js';
import { FlatTypes } from '../../src/btf/flat.js';
import { layoutOf } from '../../src/btf/layout.js';
import { layoutText } from '../../src/btf/layout-text.js';
import { LiteralText } from '../../src/btf/literal-text.js';
import { rawDump } from '../../src/btf/raw.js';
import { alignOf, sizeOf, skipModifiers, skipTypedefs } from '../../src/btf/resolve.js';
import { signature } from '../../src/btf/signature.js';
import { compileFormatter } from '../../src/btf/value.js';
import { dedupTypes } from '../../src/gen/dedup.js';
import { fixContextArguments } from '../../src/object/context-arguments.js';
import { sanitizeBtf } from '../../src/object/sanitize-btf.js';
import { attempt, drain } from './attempt.js';

type Step = (btf: Btf) => unknown;

/** Types that are looked at one by one: what is done for each may look at all others. */
const MOST = 200;

/** Values are read out of these bytes, whatever their types. */
const VALUE = Uint8Array.from({ length: 4096 }, (_, i) => (i * 7) & 0xff);
const VIEW = new DataView(VALUE.buffer);

/** Everything that is done with types from outside. */
export const BTF_STEPS: readonly Step[] = [
  (btf) => eachId(btf, (id) => [btf.type(id), btf.name(id)]),
  (btf) =>
    eachId(btf, (id) => [
      attempt(() => sizeOf(btf, id)),
      attempt(() => alignOf(btf, id)),
      attempt(() => skipTypedefs(btf, id)),
      skipModifiers(btf, id),
    ]),
  (btf) => eachId(btf, (id) => layoutText(layoutOf(btf, id))),
  (btf) => eachId(btf, (id) => signature(btf, id)),
  (btf) => eachId(btf, (id) => btf.eachReference(id, () => {})),
  (btf) => eachId(btf, (id) => compileFormatter(btf, id).json(VIEW, 0)),
  (btf) => eachId(btf, (id) => compileFormatter(btf, id).plain(VIEW, 8, 1)),
  (btf) => eachId(btf, (id) => roundTrip(btf, id)),
  (btf) => eachId(btf, (id) => literals(btf, id)),
  (btf) => drain(rawDump(btf, 'plain')),
  (btf) => drain(rawDump(btf, 'json')),
  (btf) => drain(headerOf(btf)),
  (btf) => drain(headerOf(btf, { unsorted: true })),
  (btf) => drain(headerOf(btf, { roots: [btf.count >> 1, btf.count - 1] })),
  (btf) => ['int', 'value', 'no such name', 'task_struct'].map((name) => [btf.find(name), btf.findAll(name), btf.findEssential(name)]),
  (btf) => FlatTypes.of(btf),
  (btf) => dedupTypes(allTypes(btf)),
  (btf) => encodeBtf(allTypes(btf)),
  (btf) => sanitizeBtf(btf, { has: () => false }),
  (btf) => fixContextArguments(btf, [{ type: 6, funcInfo: [...btf.ids('FUNC')].map((typeId) => ({ instruction: 0, typeId })) }]),
];

function eachId(btf: Btf, read: (id: number) => unknown): void {
  const stride = Math.ceil(btf.count / MOST);
  for (let id = 1; id < btf.count; id += stride) attempt(() => read(id));
}

function allTypes(btf: Btf) {
  return [...btf.ids()].map((id) => btf.type(id));
}

function roundTrip(btf: Btf, id: number): void {
  const codec = codecOf(btf, id);
  codec.encode(codec.decode(VALUE) as never);
}

function literals(btf: Btf, id: number): void {
  const text = new LiteralText(btf, id);
  text.text(VALUE);
  for (const field of text.fields() ?? []) field.text(VALUE);
}
