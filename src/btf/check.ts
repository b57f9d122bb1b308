import type { Btf } from './btf.js';
import { FUNC } from './kind-numbers.js';
import { RecordWords } from './record-words.js';
import { NAMED_ELEMENTS, PLACES_BY_NUMBER } from './references.js';
import { RECORD_SIZES } from './types.js';

/** Words of a record: its name, info and reference, and those of its head (struct btf_type) in all. */
const [INFO, TARGET, HEAD] = [1, 2, 3];

/**
 * Looks at every record of a BTF's own without unfolding it: that the types and strings it names exist, and that functions are of function types. So what
 * is wrong with one shows before any is used, in a tenth of the time that unfolding all takes.
 *
 * @throws ParseError when one is wrong
 */
export function checkRecords(btf: Btf): void {
  const records = new RecordWords(btf);
  const { words } = records;
  const strings = btf.strings.end;
  for (let id = btf.startId; id < btf.count; id++) {
    const start = records.start(id);
    const info = words[start + INFO]!;
    const kind = (info >>> 24) & 0x7f;
    if (kind >= PLACES_BY_NUMBER.length) btf.kind(id);
    const { head, tail } = PLACES_BY_NUMBER[kind]!;
    if (words[start]! >= strings) btf.fail(id, 'its name is outside the strings');
    if (head) checkTarget(btf, id, kind, words[start + TARGET]!);
    const count = tail?.count ?? info & 0xffffff;
    if (tail) for (let i = 0; i < count; i++) checkReference(btf, id, words[start + HEAD + (tail.first + i * tail.stride) / 4]!);
    if (!NAMED_ELEMENTS[kind]) continue;
    const size = RECORD_SIZES[kind]!.element / 4;
    for (let i = 0; i < count; i++) {
      if (words[start + HEAD + i * size]! >= strings) btf.fail(id, 'the name of an element is outside the strings');
    }
  }
}

function checkTarget(btf: Btf, id: number, kind: number, to: number): void {
  checkReference(btf, id, to);
  if (kind === FUNC && btf.kind(to) !== 'FUNC_PROTO') btf.fail(id, `function ${btf.name(id)} is of no function type`);
}

function checkReference(btf: Btf, id: number, to: number): void {
  if (to >= btf.count) btf.fail(id, `refers to type ${to} of ${btf.count}`);
}
