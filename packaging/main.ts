// Makes what is released, in out/: `npm run package`. With `npm`, `single` or `sbom` behind it only that.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, version } from './root.js';
import { billOfMaterials } from './sbom.js';
import { ARCHITECTURES, buildSingle } from './single.js';

const OUT = join(root, 'out');
const SUMS = 'SHA256SUMS';

const PARTS: Readonly<Record<string, () => void>> = {
  npm: () => {
    execFileSync('npm', ['pack', '--pack-destination', OUT], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  },
  single: () => {
    for (const architecture of ARCHITECTURES) buildSingle(architecture, OUT);
  },
  sbom: () => {
    writeFileSync(join(OUT, `bpf-ts-${version}.cdx.json`), billOfMaterials());
    for (const architecture of ARCHITECTURES)
      writeFileSync(join(OUT, `bpf-ts-linux-${architecture}.cdx.json`), billOfMaterials(architecture));
  },
};

function main(asked: readonly string[]): void {
  const parts = asked.length > 0 ? asked : Object.keys(PARTS);
  for (const part of parts)
    if (!Object.hasOwn(PARTS, part)) throw new Error(`there is no part '${part}': ${Object.keys(PARTS).join(', ')}`);
  if (asked.length === 0) rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  for (const part of parts) PARTS[part]!();
  const files = readdirSync(OUT).filter((name) => name !== SUMS);
  writeFileSync(join(OUT, SUMS), files.map((name) => `${digest(join(OUT, name))}  ${name}\n`).join(''));
  for (const name of files) console.log(`${(statSync(join(OUT, name)).size / 1e6).toFixed(1).padStart(7)} MB  out/${name}`);
}

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

main(process.argv.slice(2));
