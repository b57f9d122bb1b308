// What is published is a bundle of CommonJS chunks: it starts in half the time of the same modules one by one, and 5 ms before
// a bundle of ES modules. Everything behind an import() is a chunk of its own, so a command loads only what it uses.
import { readFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';

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

export default defineConfig({
  input: { main: 'commands/main.ts' },
  platform: 'node',
  tsconfig: 'tsconfig.json',
  external: [/^koffi$/, /^@koromix\//],
  plugins: [lazyChildProcess],
  // Our modules do nothing when they are loaded, so one that only passes on names of others is not loaded for those that are not used.
  treeshake: { moduleSideEffects: (id) => !/\/(commands|src|native)\//.test(id) },
  transform: { target: 'node20', define: { BPF_TS_VERSION: JSON.stringify(version) } },
  output: {
    dir: 'dist',
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    cleanDir: true,
    minify: true,
    sourcemap: false,
  },
});
