import type { ObjectSpec } from '../object/spec.js';
import type { FeatureSet } from '../probe/features.js';
import { kconfigContents, resolveExterns } from './externs.js';
import { type Kernel, RunningKernel } from './kernel.js';
import { adjustMap } from './map-sizes.js';

const ALL_FEATURES: FeatureSet = { has: () => true };

/**
 * An object with what depends on the machine filled in, but not on its kernel, which is taken for the newest: sizes of maps, and values of the
 * kernel's configuration. That is what a light skeleton has in it, wherever it is loaded.
 *
 * @throws UsageError when a value of the configuration is not there
 */
export function forNewestKernel(spec: ObjectSpec): { readonly spec: ObjectSpec; readonly pageSize: number } {
  using kernel = new RunningKernel(0, ALL_FEATURES);
  const maps = spec.maps.map((map) => {
    const contents = map.kind === 'kconfig' ? settings(spec, kernel, map.valueSize) : map.contents;
    return adjustMap({ ...map, contents }, kernel);
  });
  return { spec: { ...spec, maps }, pageSize: kernel.pageSize };
}

function settings(spec: ObjectSpec, kernel: Kernel, size: number): Uint8Array {
  const only = { ...spec, externs: spec.externs.filter(({ kind }) => kind === 'kconfig') };
  return kconfigContents(only, resolveExterns(only, kernel, undefined), size);
}
