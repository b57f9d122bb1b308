// What is published is a bundle of CommonJS chunks: it starts in half the time of the same modules one by one, and 5 ms before
// a bundle of ES modules. Everything behind an import() is a chunk of its own, so a command loads only what it uses.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

const root = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

const LAZY = '\0lazy-child-process';

/** Commander loads node:child_process (2 ms) for executable subcommands, which bpf-ts has none of. */
const lazyChildProcess = {
  name: 'lazy-child-process',
  resolveId: (id, importer) => (id === 'node:child_process' && importer?.includes('commander') ? LAZY : null),
  load: (id) =>
    id === LAZY
      ? `const load = () => process.getBuiltinModule('node:child_process');
         module.exports = { get spawn() { return load().spawn; } };`
      : null,
};

/**
 * Chunks are text as bin/bpf-ts.js takes it: a function that gets what Node gives to modules, so that it need not be put together at each start, and ASCII,
 * which is read, kept and looked through in half the time.
 */
const finishedText = {
  name: 'finished-text',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      const ascii = chunk.code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
      chunk.code = `(function (exports, require, module, __filename, __dirname) {${ascii}\n})`;
    }
  },
};

/** Everything that a module needs before it can run, itself included: what is not behind an import(). */
function needed(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  const text = readFileSync(path, 'utf8');
  for (const [, from] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)\.js'/gms))
    needed(join(dirname(path), `${from}.ts`), found);
  return found;
}

/**
 * A chunk costs a third of a millisecond to find and open, and what is in it some time to take in, needed or not. So what the commands need that are run
 * most is in few: what starts the tool, what speaks to the kernel, and the rest of lists and of loading.
 */
function groups() {
  const all = (...paths) => new Set(paths.flatMap((path) => [...needed(join(root, `commands/${path}.ts`))]));
  const start = all('main');
  const lists = all('prog', 'map', 'prog/show', 'map/show');
  // What lists need only for some programs.
  const metadata = needed(join(root, 'src/program/metadata.ts'));
  const loading = all('prog', 'prog/load');
  const types = all('btf', 'btf/dump');
  const attaching = all('link', 'link/show', 'link/attach', 'net/show');
  const group = (name, priority, test) => ({ name, priority, test });
  return [
    group('start', 5, (id) => start.has(id)),
    group('kernel', 4, (id) => (lists.has(id) || metadata.has(id)) && loading.has(id)),
    group('types', 3, (id) => types.has(id) && loading.has(id)),
    group('load', 2, (id) => loading.has(id)),
    group('list', 1, (id) => lists.has(id)),
    group('attach', 0, (id) => attaching.has(id)),
  ];
}

export default defineConfig({
  input: { main: 'commands/main.ts' },
  platform: 'node',
  tsconfig: 'tsconfig.json',
  // Loaded from node_modules: what is compiled, to machine code or WebAssembly.
  external: [/^koffi$/, /^@koromix\//, '@viz-js/viz', '@alexaltea/capstone-js'],
  plugins: [lazyChildProcess, finishedText],
  // Our modules and Node's do nothing when they are loaded, so those of which nothing is used are left out.
  treeshake: { moduleSideEffects: (id) => !/^node:|\/(commands|src|native)\//.test(id) },
  transform: { target: 'node20', define: { BPF_TS_VERSION: JSON.stringify(version) } },
  output: {
    dir: 'dist',
    format: 'cjs',
    // Compiled code that bin/bpf-ts.js takes from its cache cannot import(); what is external is required.
    dynamicImportInCjs: false,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: { groups: groups() },
    cleanDir: true,
    minify: true,
    sourcemap: false,
  },
});
