import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { alignOf, sizeOf, skipTypedefs } from '../../src/btf/resolve.js';
import { ParseError } from '../../src/bytes/cursor.js';
import { assertOnlyParseErrors } from '../mutate.js';
import { everyKind } from './build.js';

function attempt(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
  }
}

test('damaged BTF gives parse errors and nothing else', () => {
  for (const littleEndian of [true, false]) {
    assertOnlyParseErrors(everyKind(littleEndian).bytes(), 2000, (damaged) => {
      const btf = Btf.parse(damaged);
      attempt(() => btf.find('int'));
      for (const id of btf.ids()) for (const read of [sizeOf, alignOf, skipTypedefs]) attempt(() => read(btf, id));
    });
  }
});
