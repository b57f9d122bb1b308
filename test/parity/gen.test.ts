// What is made from object files, held against the reference: the same text, and files that the reference loads to the same programs.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { FOLLOWED } from '../support/agree.js';
import { capture } from '../support/capture.js';
import { noRoot, OwnBpffs, testObjectPath } from '../support/live.js';
import { noReference, referenceVersion, runReference } from '../support/reference.js';

const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-gen-'));
after(() => rmSync(folder, { recursive: true }));

async function generated(...args: string[]): Promise<string> {
  const { status, out, err } = await capture(args[0] === '-L' ? ['-L', 'gen', ...args.slice(1)] : ['gen', ...args]);
  assert.equal(status, 0, err);
  return out;
}

describe('code', { skip: noReference || (referenceVersion < FOLLOWED && 'needs bpftool 7.8 to compare with') }, () => {
  for (const kind of ['skeleton', 'subskeleton']) {
    test(`gen ${kind}`, async () => {
      for (const name of ['gen-types', 'gen-core', 'hooks-net', 'values']) {
        const args = [kind, testObjectPath(name), 'name', 'my_object'];
        assert.equal(await generated(...args), runReference(['gen', ...args]).out, name);
      }
    });
  }
});

describe('light skeletons', { skip: noReference || noRoot || (referenceVersion < FOLLOWED && 'needs bpftool 7.8 to compare with') }, () => {
  test('gen skeleton -L', async () => {
    for (const name of ['gen-types', 'gen-core', 'hooks-net', 'values']) {
      const args = ['skeleton', testObjectPath(name), 'name', 'my_object'];
      assert.equal(await generated('-L', ...args), runReference(['-L', 'gen', ...args]).out, name);
    }
  });
});

describe('objects and types', { skip: noReference || noRoot }, () => {
  /** Tags of the programs that the reference loads, by the names of their pins. */
  function tags(path: string, place: string, ...more: string[]): Record<string, string> {
    const { status, err } = runReference(['prog', 'loadall', path, place, ...more]);
    assert.equal(status, 0, err);
    const pins = readdirSync(place).sort();
    return Object.fromEntries(
      pins.map((pin) => [pin, JSON.parse(runReference(['-j', 'prog', 'show', 'pinned', join(place, pin)]).out).tag]),
    );
  }

  test('the reference loads what was linked, to the same programs', async () => {
    using bpffs = new OwnBpffs();
    const newer = referenceVersion < FOLLOWED ? [] : ['hooks-net', 'hooks-trace', 'hooks-cgroup'];
    const names = ['hooks-iter', 'values', 'gen-types', ...newer];
    for (const name of names) {
      const linked = join(folder, `${name}.bpf.o`);
      await generated('object', linked, testObjectPath(name));
      assert.deepEqual(tags(linked, join(bpffs.path, `${name}1`)), tags(testObjectPath(name), join(bpffs.path, `${name}2`)), name);
    }
  });

  test('the reference loads two objects that were linked, to what its own linker gives', async () => {
    using bpffs = new OwnBpffs();
    const [ours, theirs] = [join(folder, 'ours.bpf.o'), join(folder, 'theirs.bpf.o')];
    // The other way round the reference forgets where an extern map is.
    const halves = ['gen-link-lib', 'gen-link-main'].map(testObjectPath);
    await generated('object', ours, ...halves);
    assert.equal(runReference(['gen', 'object', theirs, ...halves]).status, 0);
    assert.deepEqual(tags(ours, join(bpffs.path, 'a')), tags(theirs, join(bpffs.path, 'b')));
  });

  test('reduced types are those of the reference', async () => {
    const [ours, theirs] = [join(folder, 'ours.btf'), join(folder, 'theirs.btf')];
    const objects = ['gen-core', 'hooks-iter'].map(testObjectPath);
    await generated('min_core_btf', '/sys/kernel/btf/vmlinux', ours, ...objects);
    assert.equal(runReference(['gen', 'min_core_btf', '/sys/kernel/btf/vmlinux', theirs, ...objects]).status, 0);
    const types = (path: string) => {
      const btf = Btf.parse(readFileSync(path));
      return Array.from(btf.ids(), (id) => btf.type(id));
    };
    assert.deepEqual(types(ours), types(theirs));
  });

  const tooOld = referenceVersion < FOLLOWED && 'needs bpftool 7.8, which takes the kernel types to use';
  test('the reference loads against reduced types', { skip: tooOld }, async () => {
    using bpffs = new OwnBpffs();
    const small = join(folder, 'small.btf');
    const object = testObjectPath('hooks-iter');
    await generated('min_core_btf', '/sys/kernel/btf/vmlinux', small, object);
    assert.deepEqual(tags(object, join(bpffs.path, 'a'), 'kernel_btf', small), tags(object, join(bpffs.path, 'b')));
  });
});

describe('bad input', () => {
  test('what cannot be made leaves no file behind, and says why', async () => {
    const output = join(folder, 'none.o');
    const refused: [args: string[], message: RegExp, expected?: number][] = [
      [['object', output, process.execPath], /not an object file for BPF/, 234],
      [['object', output, testObjectPath('gen-types'), testObjectPath('gen-types')], /defines it too, and neither is weak/, 234],
      [['object', output, '/nonexistent.o'], /read \/nonexistent\.o: no such file/, 254],
      [['object', output], /INPUT is missing/],
      [['min_core_btf', process.execPath, output, testObjectPath('gen-core')], /it has no section \.BTF/, 195],
      [['min_core_btf', testObjectPath('gen-core'), output], /OBJECT is missing/],
      [['min_core_btf', testObjectPath('gen-core'), output, testObjectPath('gen-core').replace('.o', '.c')], /not an ELF file/, 95],
      [['skeleton', testObjectPath('gen-types'), 'name'], /OBJECT_NAME is missing/],
      [['skeleton', testObjectPath('gen-types'), 'name', 'a', 'name', 'b'], /the name is given twice/],
      [['skeleton', folder], /is a directory, not an object file/],
      [['ts', testObjectPath('gen-types'), 'event', 'none', 'x'], /there is no ring or perf buffer called none/],
    ];
    for (const [args, message, expected = 255] of refused) {
      const { status, out, err } = await capture(['gen', ...args]);
      assert.deepEqual([status, out], [expected, ''], args.join(' '));
      assert.match(err, message);
    }
    assert.ok(readdirSync(folder).every((name) => !name.includes('none')));
  });
});
