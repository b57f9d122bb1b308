// Counts which parts of the code an input reaches: a loader that writes a counter into each block of our modules. Runs in Node's thread for loaders.
import type { LoadHook } from 'node:module';
import { parseAst } from 'rolldown/parseAst';

/** What the thread is told when it starts. */
export interface Instrumentation {
  /** Modules below these addresses get counters. */
  readonly below: readonly string[];
}

/** Text that is put in at a place of the source. */
interface Piece {
  readonly at: number;
  readonly text: string;
}

type Node = { readonly type: string; readonly start: number; readonly end: number } & Readonly<Record<string, unknown>>;

/** The name that the array of counters has in every module. */
const COUNTERS = '$hits';

let below: readonly string[] = [];
let blocks = 0;

/** Called by Node with what `register` was given. */
export function initialize(data: Instrumentation): void {
  below = data.below;
}

export const load: LoadHook = async (url, context, next) => {
  const loaded = await next(url, context);
  if (!below.some((start) => url.startsWith(start)) || loaded.format !== 'module' || !loaded.source) return loaded;
  const { text, count } = withCounters(Buffer.from(loaded.source as Uint8Array).toString(), blocks);
  blocks += count;
  return { ...loaded, source: text };
};

/** The module with counters `first` to `first + count - 1` in it, one for each block, each arm of a choice. Lines stay where they are. */
export function withCounters(source: string, first: number): { text: string; count: number } {
  const opening: Piece[] = [];
  const closing: Piece[] = [];
  let count = 0;
  const counter = () => `${COUNTERS}[${first + count++}]++`;
  const before = ({ start }: Node) => opening.push({ at: start, text: `${counter()};` });
  const around = ({ start, end }: Node, [open, between, close]: readonly [string, string, string]) => {
    opening.push({ at: start, text: `${open}${counter()}${between}` });
    // Of two that end together the inner one ends first.
    closing.unshift({ at: end, text: close });
  };
  const statement = (node: Node) =>
    node.type === 'BlockStatement' ? opening.push({ at: node.start + 1, text: `${counter()};` }) : around(node, ['{', ';', '}']);
  const expression = (node: Node) => around(node, ['(', ',', ')']);
  const body = (node: Node) => (node.type === 'BlockStatement' ? statement(node) : expression(node));
  const mark: Readonly<Record<string, (node: Node) => void>> = {
    FunctionDeclaration: (node) => body(node.body as Node),
    FunctionExpression: (node) => body(node.body as Node),
    ArrowFunctionExpression: (node) => body(node.body as Node),
    IfStatement: (node) => arms(node, statement),
    ConditionalExpression: (node) => arms(node, expression),
    LogicalExpression: (node) => expression(node.right as Node),
    CatchClause: (node) => statement(node.body as Node),
    SwitchCase: (node) => (node.consequent as Node[]).slice(0, 1).forEach(before),
    ...Object.fromEntries(
      ['For', 'ForIn', 'ForOf', 'While', 'DoWhile'].map((kind) => [`${kind}Statement`, (node: Node) => statement(node.body as Node)]),
    ),
  };
  visit(parseAst(source) as unknown as Node, (node) => mark[node.type]?.(node));
  return { text: `const ${COUNTERS} = globalThis.bpfTsCounters(${first + count});${inserted(source, [...opening, ...closing])}`, count };
}

function arms(node: Node, each: (node: Node) => void): void {
  each(node.consequent as Node);
  if (node.alternate) each(node.alternate as Node);
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (typeof child?.type === 'string') visit(child, see);
  }
}

function inserted(source: string, pieces: readonly Piece[]): string {
  const sorted = pieces.toSorted((a, b) => a.at - b.at);
  let done = 0;
  const parts = sorted.map(({ at, text }) => {
    const part = source.slice(done, at) + text;
    done = at;
    return part;
  });
  return parts.join('') + source.slice(done);
}
