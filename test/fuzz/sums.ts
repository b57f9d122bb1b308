import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What was done with one target. */
interface Sum {
  /** Inputs that were made and read. */
  executions: number;
  seconds: number;
  /** Inputs that failed. */
  findings: number;
  /** Blocks of our code that were reached, where that was counted. */
  blocks: number;
}

/** What was done with each target, in this run and, with a file, in those before it. */
export class Sums {
  readonly #sums: Record<string, Sum>;

  /** `path`: JSON that a run before wrote; it is read, and written with this run added. */
  constructor(readonly path?: string) {
    this.#sums = path !== undefined && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, Sum>) : {};
  }

  /** Adds to a target's sums; of blocks the most counts. */
  add(target: string, { executions = 0, seconds = 0, findings = 0, blocks = 0 }: Partial<Sum>): void {
    this.#sums[target] ??= { executions: 0, seconds: 0, findings: 0, blocks: 0 };
    const sum = this.#sums[target];
    sum.executions += executions;
    sum.seconds += seconds;
    sum.findings += findings;
    sum.blocks = Math.max(sum.blocks, blocks);
  }

  /** Keeps them in the file, if there is one: whole, also when the run is killed. */
  write(): void {
    if (this.path === undefined) return;
    writeFileSync(`${this.path}.new`, `${JSON.stringify(this.#sums, undefined, 1)}\n`);
    renameSync(`${this.path}.new`, this.path);
  }

  print(): void {
    const rows = Object.entries(this.#sums);
    for (const [name, { executions, seconds, findings, blocks }] of rows)
      console.log(
        `${name}: ${executions} inputs, ${Math.round(executions / seconds)} a second, ${findings} failed${blocks > 0 ? `, ${blocks} blocks` : ''}`,
      );
    const all = (what: 'executions' | 'findings') => rows.reduce((sum, [, row]) => sum + row[what], 0);
    console.log(`${all('executions')} inputs, ${all('findings')} failed`);
  }
}
