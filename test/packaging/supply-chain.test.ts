// What comes with the package, and what its installation runs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const json = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const lock = json('package-lock.json') as { packages: Record<string, Locked> };

interface Locked {
  readonly hasInstallScript?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
}

/** Every package whose installation runs something: the program it runs, and what that does. */
const INSTALLS: Readonly<Record<string, { readonly script: RegExp; readonly file: string }>> = {
  // Takes the binary from the package for the platform; where there is none, it compiles the C++ sources that the package has.
  'node_modules/koffi': { script: /^node \.\/cnoke\.cjs -P \. -D src\/koffi --prebuild --release$/, file: 'cnoke.cjs' },
};

/** What a script would need for getting anything over the network: modules, programs, addresses. */
const NETWORK =
  /['"](?:node:)?(?:https?|http2|net|tls|dgram|undici)['"]|\bfetch\(|\bXMLHttpRequest\b|\b(?:curl|wget|git clone)\b|\b(?:https?|ftp):\/\//;

test('no package of the whole lock file has an install script that downloads', () => {
  const found = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  assert.deepEqual(
    found.map(([path]) => path),
    Object.keys(INSTALLS),
  );
  for (const [path, { script, file }] of Object.entries(INSTALLS)) {
    const { scripts } = json(`${path}/package.json`) as { scripts: Record<string, string> };
    assert.match(scripts.install!, script);
    assert.deepEqual([scripts.preinstall, scripts.postinstall], [undefined, undefined], path);
    assert.doesNotMatch(readFileSync(join(ROOT, path, file), 'utf8'), NETWORK, path);
  }
});

test('every package of the lock file is held by a digest, and comes from no place of its own', () => {
  for (const [path, { integrity, resolved }] of Object.entries(lock.packages)) {
    if (path === '') continue;
    assert.match(integrity ?? '', /^sha512-/, path);
    // Without an address it is the registry that npm is set to; a git repository or a file would stand here.
    assert.equal(resolved, undefined, path);
  }
});

/** All files below a folder, as paths from the root. */
function below(folder: string, keep: (path: string) => boolean = () => true): string[] {
  // Manual pages are made when the package is.
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length).replace(/^\//, ''))
    .filter(keep);
}

test('the published files are those of a rule, one by one', () => {
  const text = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = Object.values(JSON.parse(text) as Record<string, { files: { path: string; mode: number }[] }>) as [
    { files: { path: string; mode: number }[] },
  ];
  const sources = ['src', 'native'].flatMap((room) => below(room, (path) => path.endsWith('.ts')));
  const compiled = sources.flatMap((path) => ['.js', '.js.map', '.d.ts'].map((ending) => `build/${path.slice(0, -3)}${ending}`));
  const expected = [
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'bin/bpf-ts.js', 'bin/package.json'],
    ...['dist', 'man', 'schemas'].flatMap((folder) => below(folder)),
    ...below('docs', (path) => path.endsWith('.md')),
    ...compiled,
  ];
  assert.deepEqual(files.map(({ path }) => path).sort(), expected.sort());
  const runs = files.filter(({ mode }) => (mode & 0o111) !== 0).map(({ path }) => path);
  assert.deepEqual(runs, ['bin/bpf-ts.js']);
});
