import type { Btf } from './btf.js';
import type { BtfType } from './types.js';

const MAX_DEPTH = 64;
/** bpftool's buffer, with the NUL byte at its end. */
const TOO_LONG = 1024;

/**
 * A function (FUNC) or type on one line, in the notation that bpftool puts above a function's instructions: `int count(struct xdp_md * ctx)`.
 * undefined where bpftool prints none either: a type in it is tagged, or it has 1024 characters and more. @throws ParseError when a type does not exist
 * or contains itself
 */
export function signature(btf: Btf, id: number): string | undefined {
  try {
    const text = typeText({ btf, steps: 0 }, id, 0);
    return text.length < TOO_LONG ? text : undefined;
  } catch (error) {
    if (error instanceof Unprintable) return undefined;
    throw error;
  }
}

class Unprintable extends Error {}

interface Walk {
  readonly btf: Btf;
  /** Types so far. Each adds a character at least, and prototypes of prototypes can double with every link. */
  steps: number;
}

/** Every type but functions and arrays ends in a blank, so that a name can follow. */
function typeText(walk: Walk, id: number, depth: number): string {
  const { btf } = walk;
  if (depth > MAX_DEPTH) btf.fail(id, 'the chain of types does not end');
  if (++walk.steps > TOO_LONG) throw new Unprintable();
  const type = btf.type(id);
  const inner = (to: number) => typeText(walk, to, depth + 1);
  switch (type.kind) {
    case 'VOID':
      return 'void ';
    case 'INT':
    case 'TYPEDEF':
    case 'FLOAT':
      return `${type.name} `;
    case 'STRUCT':
    case 'UNION':
      return `${type.kind.toLowerCase()} ${type.name} `;
    case 'ENUM':
    case 'ENUM64':
      return `enum ${type.name} `;
    case 'FWD':
      return `${type.union ? 'union' : 'struct'} ${type.name} `;
    case 'ARRAY':
      return `${inner(type.type)}[${type.length}]`;
    case 'PTR':
      return `${inner(type.type)}* `;
    case 'VOLATILE':
    case 'CONST':
    case 'RESTRICT':
      return `${type.kind.toLowerCase()} ${inner(type.type)}`;
    case 'FUNC':
      return functionText(btf, btf.type(type.type), type.name, inner);
    case 'FUNC_PROTO':
      return functionText(btf, type, '', inner);
    default:
      throw new Unprintable();
  }
}

function functionText(btf: Btf, proto: BtfType, name: string, inner: (id: number) => string): string {
  if (proto.kind !== 'FUNC_PROTO') return btf.fail(0, `function ${name} has no prototype`);
  const params = proto.params.map((param) => {
    if (param.type === 0) return '...';
    return param.name === '' ? inner(param.type).replace(/ $/, '') : inner(param.type) + param.name;
  });
  return `${inner(proto.returns)}${name}(${params.join(', ')})`;
}
