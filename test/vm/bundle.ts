// Tests as single files. In an emulated guest each module costs 10 ms and more to find and read, and a test has two hundred of them.
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { inTurn } from './in-turn.js';

const COMPILED = fileURLToPath(new URL('../', import.meta.url));

/** Where the single files are. Not below the compiled tests, among which they would be looked for. */
export const BUNDLED = fileURLToPath(new URL('../../vm-tests/', import.meta.url));

/** Files are found from where a module was, so that is what it is told still. */
const whereItWas: Plugin = {
  name: 'where-it-was',
  transform: (code, id) =>
    code.includes('import.meta.url') ? { code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)) } : null,
};

/** Makes single files of compiled tests, in {@link BUNDLED}; names are relative to the folder of tests and stay. What was there before is gone. */
export async function bundleTests(names: readonly string[]): Promise<void> {
  rmSync(BUNDLED, { recursive: true, force: true });
  await inTurn(names, availableParallelism(), bundleOne);
}

async function bundleOne(name: string): Promise<void> {
  const bare = name.replace(/\.js$/, '');
  const bundle = await rolldown({
    input: { [bare]: join(COMPILED, name) },
    platform: 'node',
    external: [/^koffi$/, /^@koromix\//, '@viz-js/viz', '@alexaltea/capstone-js', 'rolldown'],
    plugins: [whereItWas],
    logLevel: 'silent',
  });
  // What is imported only when it is needed stays apart, and each file has its own.
  await bundle.write({ dir: BUNDLED, format: 'esm', entryFileNames: '[name].js', chunkFileNames: `${bare}/[name]-[hash].js` });
  await bundle.close();
}
