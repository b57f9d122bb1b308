// Runs the tests: `node build/test/run.js [folder or file ...]`. Pure ones everywhere; live, parity and vm ones say why they skip where they must.
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { kernelObjects, leftInKernel } from './support/kernel-objects.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
// What takes minutes or virtual machines has commands of its own.
const APART = ['vm', 'fuzz'];

interface Outcome {
  passed: number;
  failed: number;
  skipped: Map<string, number>;
}

function filesBelow(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join(path, name))
    .sort();
}

function chosen(): string[] {
  const named = process.argv.slice(2);
  if (named.length > 0) return named.flatMap((name) => filesBelow(join(HERE, name)));
  return filesBelow(HERE).filter((file) => !APART.includes(relative(HERE, file).split('/')[0]!));
}

async function runAll(files: string[]): Promise<Outcome> {
  const outcome: Outcome = { passed: 0, failed: 0, skipped: new Map() };
  const stream = run({ files, concurrency: Math.max(1, availableParallelism()) });
  stream.on('test:fail', (event) => {
    if (event.details.type !== 'suite') outcome.failed += 1;
  });
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite') return;
    if (event.skip !== undefined) outcome.skipped.set(String(event.skip), (outcome.skipped.get(String(event.skip)) ?? 0) + 1);
    else outcome.passed += 1;
  });
  for await (const text of stream.compose(new spec())) process.stdout.write(text);
  return outcome;
}

function report(outcome: Outcome): boolean {
  const skipped = [...outcome.skipped.values()].reduce((sum, n) => sum + n, 0);
  for (const [reason, count] of outcome.skipped) console.log(`skipped ${count}: ${reason === 'true' ? 'no reason given' : reason}`);
  console.log(`${outcome.passed} passed, ${outcome.failed} failed, ${skipped} skipped`);
  return outcome.failed === 0 && outcome.passed > 0 && !outcome.skipped.has('true');
}

const before = process.platform === 'linux' ? kernelObjects() : undefined;
const outcome = await runAll(chosen());
const left = before ? await leftInKernel(before) : [];
if (left.length > 0) console.log(`left in the kernel, held by no process: ${left.join(', ')}`);
if (!report(outcome) || left.length > 0) process.exitCode = 1;
