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
  // Loaded from node_modules: what is compiled, to machine code or WebAssembly.
  external: [/^koffi$/, /^@koromix\//, '@viz-js/viz', '@alexaltea/capstone-js'],
  plugins: [lazyChildProcess],
  // Our modules and Node's do nothing when they are loaded, so those of which nothing is used are left out.
  treeshake: { moduleSideEffects: (id) => !/^node:|\/(commands|src|native)\//.test(id) },
  transform: { target: 'node20', define: { BPF_TS_VERSION: JSON.stringify(version) } },
  output: {
    dir: 'dist',
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: {
      // A chunk costs a third of a millisecond to find and open, so what nearly every command needs is in two of them: what starts the tool,
      // and what speaks to the kernel.
      groups: [
        { name: 'start', priority: 2, test: /\/commands\/main\.ts$/ },
        {
          name: 'kernel',
          priority: 1,
          test: /\/(native\/(bpf|interfaces)|src\/(program\/(program|listing)|map\/map|system\/(bpffs|processes|owners|container|offload|clock))|commands\/(reference|surroundings))\.ts$/,
        },
      ],
    },
    cleanDir: true,
    minify: true,
    sourcemap: false,
  },
});
