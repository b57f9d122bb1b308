import type { Btf } from '../../src/btf/btf.js';
import { namesNear, typesLike, typesNamed } from '../../src/btf/find-type.js';
import { sizeOf } from '../../src/btf/resolve.js';
import { typeData } from '../../src/btf/type-data.js';
import { typeText } from '../../src/btf/type-text.js';
import type { BtfKind } from '../../src/btf/types.js';
import { json } from '../../src/format/json.js';
import type { Form, Options, Output } from '../command.js';
import { glob } from '../line/conditions.js';
import type { Words } from '../line/words.js';
import { Failure } from '../print/failure.js';
import { takeTypes } from './source.js';

/** bpftool's status for what does not exist: minus ENOENT. */
const NOT_FOUND = 254;

/** What they are called here. None of the words is the name of a type. */
const KINDS: Readonly<Record<string, readonly BtfKind[]>> = {
  struct: ['STRUCT', 'FWD'],
  union: ['UNION', 'FWD'],
  enum: ['ENUM', 'ENUM64'],
  typedef: ['TYPEDEF'],
  func: ['FUNC'],
  var: ['VAR'],
  datasec: ['DATASEC'],
};

/**
 * `btf show [KIND] NAME [SOURCE]`: one type, or a list of those whose names fit a pattern; when several have the name, a list of these. A number is the id
 * of a type.
 */
export function showType(words: Words, options: Options): Output<never> {
  const kind = KINDS[words.peek ?? ''] && words.left > 1 ? words.next('a kind') : undefined;
  const name = words.next('the name of a type');
  const btf = takeTypes(words, options);
  words.end();
  const ids = idsOf(btf, name, kind === undefined ? [] : KINDS[kind]!);
  const [id] = ids;
  if (id === undefined) throw notFound(btf, name, kind);
  const rows = ids.length > 1 || isPattern(name) ? ids : undefined;
  return {
    kind: 'stream',
    chunks: function* (form, depth) {
      yield encoder.encode(rows ? listed(btf, rows, form, depth) : shown(btf, id, form, depth));
    },
  };
}

const encoder = new TextEncoder();

function idsOf(btf: Btf, name: string, kinds: readonly BtfKind[]): readonly number[] {
  if (/^[0-9]+$/.test(name)) return Number(name) < btf.count ? [Number(name)] : [];
  return isPattern(name) ? typesLike(btf, glob(name, 'NAME'), kinds) : typesNamed(btf, name, kinds);
}

function isPattern(name: string): boolean {
  return /[*?[]/.test(name);
}

function notFound(btf: Btf, name: string, kind: string | undefined): Failure {
  const what = `${kind === undefined ? 'type' : kind} ${name}`;
  if (/^[0-9]+$/.test(name))
    return new Failure(`there is no ${what} in ${btf.what}: the last one is ${btf.count - 1}`, { exitCode: NOT_FOUND });
  const near = namesNear(btf, name);
  const hint = near.length > 0 ? ` (did you mean ${near.join(', ')}?)` : '';
  return new Failure(`there is no ${what} in ${btf.what}${hint}`, { exitCode: NOT_FOUND });
}

function shown(btf: Btf, id: number, form: Form, depth: number): string {
  return form === 'plain' ? typeText(btf, id) : json(typeData(btf, id), form === 'pretty', depth) + (depth === 0 ? '\n' : '');
}

function listed(btf: Btf, ids: readonly number[], form: Form, depth: number): string {
  const rows = ids.map((id) => ({ id, kind: btf.kind(id).toLowerCase(), name: btf.name(id), size: sizeOrNone(btf, id) }));
  if (form !== 'plain') return json(rows, form === 'pretty', depth) + (depth === 0 ? '\n' : '');
  return rows.map(({ id, kind, name, size }) => `${id}: ${kind} ${name}${size === undefined ? '' : `  size ${size}B`}\n`).join('');
}

function sizeOrNone(btf: Btf, id: number): number | undefined {
  if (btf.kind(id) === 'FUNC' || btf.kind(id) === 'FWD') return undefined;
  try {
    return sizeOf(btf, id);
  } catch {
    return undefined;
  }
}
