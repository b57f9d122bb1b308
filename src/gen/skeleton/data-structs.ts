import type { Btf } from '../../btf/btf.js';
import { CPrinter } from '../../btf/c-print.js';
import { alignOf, sizeOf, skipTypedefs } from '../../btf/resolve.js';
import { ParseError } from '../../bytes/cursor.js';
import { identifier, sanitized } from './identifiers.js';
import { isStructOps, type SkeletonMap, type SkeletonModel, variablesOf } from './model.js';

/**
 * Members are laid out as on a 32-bit machine: there pointers and longs need no more, and on 64-bit ones the padding that is written for them would have
 * been there anyway.
 */
const MAX_ALIGNMENT = 4;

/** A pointer to a struct of the variables for each section that is mapped. @throws ParseError when types are malformed, or variables overlap */
export function dataStructs({ name, btf, maps }: SkeletonModel): string {
  if (!btf) return '';
  const printer = new CPrinter(btf);
  return mapped(maps)
    .map((map) => `\tstruct ${name}__${map.section} {\n${layout(btf, printer, map)}\t} *${map.section};\n`)
    .join('');
}

function mapped(maps: readonly SkeletonMap[]): SkeletonMap[] {
  return maps.filter(({ section }) => section !== undefined);
}

function layout(btf: Btf, printer: CPrinter, map: SkeletonMap): string {
  const plain = map.datasec?.name !== '.kconfig';
  let text = '';
  let end = 0;
  let pads = 0;
  for (const { name, typeId, offset, size } of variablesOf(btf, map)) {
    if (end > offset) throw new ParseError(`section ${map.datasec!.name}`, offset, `variable ${name} overlaps the one before it`);
    const align = Math.min(alignOf(btf, typeId), MAX_ALIGNMENT);
    if (Math.ceil(end / align) * align !== offset) text += `\t\tchar __pad${pads++}[${offset - end}];\n`;
    text += `\t\t${printer.declaration(typeId, identifier(name), { level: 2, plain })};\n`;
    end = offset + size;
  }
  return text;
}

/** For each section that is mapped a struct of pointers to its variables. */
export function subskeletonStructs({ name, btf, maps }: SkeletonModel): string {
  if (!btf) return '';
  const printer = new CPrinter(btf);
  const pointers = (map: SkeletonMap) =>
    variablesOf(btf, map)
      .map((variable) => `\t\t${pointerTo(btf, printer, variable.typeId, map)} *${identifier(variable.name)};\n`)
      .join('');
  return mapped(maps)
    .filter(({ datasec }) => datasec !== undefined)
    .map((map) => `\tstruct ${name}__${map.section} {\n${pointers(map)}\t} ${map.section};\n`)
    .join('');
}

/** Arrays and functions have their names in their middle: `typeof` lets the star stand behind all of it. */
function pointerTo(btf: Btf, printer: CPrinter, typeId: number, map: SkeletonMap): string {
  const text = printer.declaration(typeId, '', { level: 2, plain: map.datasec?.name !== '.kconfig' });
  const type = btf.type(skipTypedefs(btf, typeId));
  const needsTypeof = type.kind === 'ARRAY' || (type.kind === 'PTR' && btf.kind(type.type) === 'FUNC_PROTO');
  return needsTypeof ? `__typeof__(${text})` : text;
}

/** A struct for each struct_ops map, in which scalars can be set before loading, and functions replaced. */
export function structOpsStructs({ name, btf, maps }: SkeletonModel): string {
  const structs = btf ? maps.filter(isStructOps).map((map) => shadowStruct(btf, name, map)) : [];
  return structs.length === 0 ? '' : `\tstruct {\n${structs.join('')}\t} struct_ops;\n`;
}

function shadowStruct(btf: Btf, name: string, { spec, ident }: SkeletonMap): string {
  const typeId = spec.structOps?.typeId ?? spec.valueTypeId;
  const head = `\t\tstruct ${name}__${ident}__${sanitized(btf.name(typeId))} {\n`;
  return `${head}${shadowMembers(btf, typeId)}\t\t} *${ident};\n`;
}

/** Members of other types than scalars and functions are opaque: their types may be defined in another skeleton too. */
function shadowMembers(btf: Btf, structId: number): string {
  const struct = btf.type(structId);
  if (struct.kind !== 'STRUCT') return btf.fail(structId, 'a struct_ops map is of no struct');
  const printer = new CPrinter(btf);
  let text = '';
  let end = 0;
  for (const [index, member] of struct.members.entries()) {
    const offset = member.bitOffset >>> 3;
    if (end < offset) text += `\t\t\tchar __padding_${index}[${offset - end}];\n`;
    const typeId = skipTypedefs(btf, member.type);
    const size = sizeOf(btf, typeId);
    text += `\t\t\t${shadowMember(btf, printer, member.name, typeId, index, size)};\n`;
    end = offset + size;
  }
  return end < struct.size ? `${text}\t\t\tchar __padding_end[${struct.size - end}];\n` : text;
}

function shadowMember(btf: Btf, printer: CPrinter, name: string, typeId: number, index: number, size: number): string {
  const type = btf.type(typeId);
  if (type.kind === 'INT' || type.kind === 'FLOAT' || type.kind === 'ENUM' || type.kind === 'ENUM64')
    return printer.declaration(typeId, identifier(name), { level: 3 });
  if (type.kind === 'PTR' && btf.kind(skipTypedefs(btf, type.type)) === 'FUNC_PROTO') return `struct bpf_program *${identifier(name)}`;
  return `char __unsupported_${index}[${size}]`;
}

/** Checks by the C compiler that it sees variables as large as they are. */
export function sizeAsserts({ name, btf, maps }: SkeletonModel): string {
  if (!btf) return '';
  const checks = mapped(maps).flatMap((map) =>
    variablesOf(btf, map).map((variable) => {
      const ident = identifier(variable.name);
      return `\t_Static_assert(sizeof(s->${map.section}->${ident}) == ${sizeOf(btf, variable.typeId)}, "unexpected size of '${ident}'");\n`;
    }),
  );
  return `__attribute__((unused)) static void
${name}__assert(struct ${name} *s __attribute__((unused)))
{
#ifdef __cplusplus
#define _Static_assert static_assert
#endif
${checks.join('')}#ifdef __cplusplus
#undef _Static_assert
#endif
}
`;
}
