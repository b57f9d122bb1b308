import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MapType } from '../../src/kernel/enums.gen.js';
import { type MapAttributes, mapCreateAttr, whyNoMap } from '../../src/map/create.js';

const hash: MapAttributes = { type: MapType.HASH, keySize: 4, valueSize: 8, maxEntries: 16, name: 'hash' };

test('a map that follows the rules gives no reason', () => {
  assert.equal(whyNoMap(hash), undefined);
  assert.equal(whyNoMap({ ...hash, type: MapType.RINGBUF, keySize: 0, valueSize: 0, maxEntries: 4096 }), undefined);
  assert.equal(whyNoMap({ ...hash, type: MapType.LPM_TRIE, keySize: 8, flags: 1 }), undefined);
});

test('the first rule that is broken is named', () => {
  for (const [more, why] of [
    [{ type: 99 }, /knows no map type 99/],
    [{ name: 'a-b' }, /a name has letters/],
    [{ type: MapType.SK_STORAGE }, /need BTF/],
    [{ type: MapType.STRUCT_OPS }, /struct_ops register/],
    [{ type: MapType.STACK }, /maps of type stack have no keys/],
    [{ type: MapType.ARENA, keySize: 0 }, /maps of type arena have no values/],
    [{ type: MapType.RINGBUF, keySize: 0, valueSize: 0, maxEntries: 12288 }, /a power of two/],
    [{ type: MapType.ARRAY, keySize: 1 }, /keys of 4 bytes/],
    [{ type: MapType.LPM_TRIE, keySize: 4 }, /prefix length/],
    [{ type: MapType.CGROUP_STORAGE, keySize: 4 }, /cgroup id/],
    [{ valueSize: 0 }, /the value needs a size/],
    [{ type: MapType.ARRAY_OF_MAPS, valueSize: 4 }, /inner_map MAP/],
    [{ type: MapType.PROG_ARRAY }, /values of 4 bytes/],
    [{ type: MapType.SOCKMAP, valueSize: 16 }, /4 or 8 bytes/],
    [{ type: MapType.STACK_TRACE, valueSize: 12 }, /each frame/],
    [{ maxEntries: 0 }, /at least 1/],
    [{ type: MapType.RHASH }, /BPF_F_NO_PREALLOC/],
    [{ type: MapType.ARENA, keySize: 0, valueSize: 0 }, /BPF_F_MMAPABLE/],
  ] as const) {
    assert.match(whyNoMap({ ...hash, ...more }) ?? '', why);
  }
});

test('a long name is cut to what the kernel keeps', () => {
  assert.equal(
    Buffer.from(mapCreateAttr({ ...hash, name: 'a_name_of_twenty_two_c' }).map_name as Uint8Array).toString(),
    'a_name_of_twent',
  );
});
