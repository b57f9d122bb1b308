import { HELPERS } from './enums.gen.js';

/** The name of a helper as C programs call it, such as `bpf_map_lookup_elem`; undefined when there is no helper of this number. */
export function helperName(id: number): string | undefined {
  const name = HELPERS[id];
  return name === undefined ? undefined : `bpf_${name}`;
}

let byName: Map<string, number> | undefined;

/** The number of a helper by its name, with or without `bpf_` before it. */
export function helperId(name: string): number | undefined {
  byName ??= new Map(HELPERS.map((helper, id) => [helper, id]));
  return byName.get(name.replace(/^bpf_/, ''));
}
