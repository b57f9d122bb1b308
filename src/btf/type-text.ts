import type { Btf } from './btf.js';
import { CLimits } from './c-limits.js';
import { PLAIN_NAMES } from './c-names.js';
import { CWriter } from './c-writer.js';
import { FlatTypes } from './flat.js';
import { layoutOf } from './layout.js';
import { layoutText } from './layout-text.js';
import { sizeOf } from './resolve.js';
import type { BtfDatasec, BtfEnum, BtfType, BtfTypedef } from './types.js';

/**
 * One type as C, by itself: of a struct or union with offsets, sizes and holes ({@link layoutText}), of others their declaration with the size behind it.
 *
 * @throws ParseError when it is malformed
 */
export function typeText(btf: Btf, id: number): string {
  const type = btf.type(id);
  switch (type.kind) {
    case 'STRUCT':
    case 'UNION':
      return layoutText(layoutOf(btf, id));
    case 'TYPEDEF':
      return typedefText(btf, id, type);
    case 'ENUM':
    case 'ENUM64':
      return enumText(btf, id, type);
    case 'DATASEC':
      return sectionText(btf, type);
    default:
      return `${declarationOf(btf, id)};${sizeText(btf, id, type)}\n`;
  }
}

/** A type as C on one line, or more when it is made of anonymous ones, without a semicolon: `unsigned int`, `int count(struct xdp_md *)`. */
export function declarationOf(btf: Btf, id: number): string {
  const type = btf.type(id);
  if (type.kind === 'FUNC' || type.kind === 'VAR') return declared(btf, type.type, type.name);
  if (type.kind === 'TYPEDEF') return `typedef ${declared(btf, type.type, type.name)}`;
  if (type.kind === 'DECL_TAG' || type.kind === 'DATASEC') return type.name;
  return declared(btf, id, '');
}

function declared(btf: Btf, id: number, name: string): string {
  const writer = new CWriter(FlatTypes.of(btf), PLAIN_NAMES, CLimits.forOne(btf, 0));
  writer.declaration(id, name, 0);
  return writer.take();
}

/** A typedef of an anonymous struct is all that this one has of a name: its layout is shown. */
function typedefText(btf: Btf, id: number, { name, type: to }: BtfTypedef): string {
  const target = btf.type(to);
  if ((target.kind === 'STRUCT' || target.kind === 'UNION') && target.name === '')
    return `typedef ${layoutText(layoutOf(btf, to)).replace(/\};\n$/, `} ${name};\n`)}`;
  return `${declarationOf(btf, id)};${sizeText(btf, to, target)}\n`;
}

function enumText(btf: Btf, id: number, { size, values }: BtfEnum): string {
  const writer = new CWriter(FlatTypes.of(btf), PLAIN_NAMES, CLimits.forOne(btf, values.length));
  writer.enumeration(id, 0);
  return `${writer.take().replace(/\n?\}([^}]*)$/, `\n\n\t/* size: ${size}, values: ${values.length} */\n}$1`)};\n`;
}

function sectionText(btf: Btf, { name, size, entries }: BtfDatasec): string {
  const lines = entries.map((entry) => `\t${declarationOf(btf, entry.type)};\t/* ${entry.offset}   ${entry.size} */\n`);
  return `/* section ${name} */ {\n${lines.join('')}\n\t/* size: ${size}, variables: ${entries.length} */\n};\n`;
}

/** Functions, void and what is only declared have no size. */
function sizeText(btf: Btf, id: number, type: BtfType): string {
  const hasSize = !['VOID', 'FUNC', 'FUNC_PROTO', 'FWD', 'DECL_TAG'].includes(type.kind);
  try {
    return hasSize ? `\t/* size: ${sizeOf(btf, id)} */` : '';
  } catch {
    return '';
  }
}
