#!/usr/bin/env node
// CommonJS, as the bundle is: a module entry point costs some 5 ms more at every start.
let tool;
try {
  tool = require('../dist/main.cjs');
} catch (error) {
  if (error.code !== 'MODULE_NOT_FOUND') throw error;
  process.stderr.write('Error: bpf-ts is not built yet: run `npm ci && npm run build` in its folder\n');
  process.exitCode = 255;
}
tool?.main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
