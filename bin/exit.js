#!/usr/bin/env node
// CommonJS, as the bundle is: a module entry point costs some 5 ms more at every start.
const fs = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const DIST = join(__dirname, '../dist');

/**
 * The bundle's code as V8 compiled it when the bundle was built, in one file: a line of JSON that says where in it each chunk's is, and then all of them.
 * Only the same V8 on the same architecture can use it; it looks by itself whether what it is given goes with the text.
 */
class CodeCache {
  static path = join(DIST, 'code-cache');
  static madeFor = `${process.versions.v8} ${process.arch}`;

  /** Undefined when there is none that this V8 can use. */
  static open(path = CodeCache.path) {
    try {
      const fd = fs.openSync(path, 'r');
      const start = Buffer.allocUnsafe(8192);
      const length = fs.readSync(fd, start, 0, start.length, 0);
      const end = start.indexOf('\n');
      const { madeFor, size, chunks } = JSON.parse(start.latin1Slice(0, end < 0 ? length : end));
      if (madeFor === CodeCache.madeFor && fs.fstatSync(fd).size === end + 1 + size) return new CodeCache(fd, end + 1, chunks);
    } catch {
      // It is not needed.
    }
    return undefined;
  }

  constructor(fd, start, chunks) {
    Object.assign(this, { fd, start, chunks });
  }

  /** A chunk's code, by its file name. */
  of(name) {
    const [offset, length] = this.chunks[name] ?? [];
    if (length === undefined) return undefined;
    const bytes = Buffer.allocUnsafeSlow(length);
    fs.readSync(this.fd, bytes, 0, length, this.start + offset);
    return bytes;
  }
}

/** Loads the chunks of the bundle: without the search for files that Node's own loader makes, and with their compiled code, where there is some. */
class Bundle {
  /** The compiled text and the exports of what was loaded, by file name. */
  loaded = new Map();

  constructor(cache) {
    this.cache = cache;
  }

  load(name) {
    const known = this.loaded.get(name);
    if (known) return known.exports;
    const path = join(DIST, name);
    // The text is a function, and ASCII. Its name is kept with compiled code, so it is one that holds wherever the package is.
    const script = new vm.Script(fs.readFileSync(path, 'latin1'), { filename: `bpf-ts/dist/${name}`, cachedData: this.cache?.of(name) });
    const module = { exports: {}, script };
    this.loaded.set(name, module);
    const from = (id) => (id.startsWith('./') ? this.load(id.slice(2)) : require(id));
    script.runInThisContext().call(module.exports, module.exports, from, module, path, DIST);
    return module.exports;
  }
}

async function start() {
  try {
    const { main } = new Bundle(CodeCache.open()).load('main.cjs');
    process.exit(await main(process.argv.slice(2)));
  } catch (error) {
    // Only what main could not tell itself: a part of bpf-ts that is missing or cannot be read.
    const notBuilt = error.code === 'ENOENT' && 'bpf-ts is not built yet: run `npm ci && npm run build` in its folder';
    process.stderr.write(`Error: ${notBuilt || error.message}\n`);
    process.exitCode = 255;
  }
}

if (require.main === module) start();
else module.exports = { Bundle, CodeCache };
