import type { Btf } from '../btf/btf.js';
import { parseBtfHeader } from '../btf/header.js';
import type { BtfKind } from '../btf/types.js';
import { BtfEditor, infoWord, Word } from './btf-editor.js';

/** What a kernel's BTF may lack. */
export type BtfFeature =
  | 'btfFunc'
  | 'btfGlobalFunc'
  | 'btfDatasec'
  | 'btfQmarkDatasec'
  | 'btfFloat'
  | 'btfDeclTag'
  | 'btfTypeTag'
  | 'btfEnum64'
  | 'btfLayout';

type Rewrite = (editor: BtfEditor, id: number, context: Context) => void;

interface Context {
  lacks(feature: BtfFeature): boolean;
  /** A 1-byte integer that stands for values of 64-bit enums. */
  placeholder(): number;
}

const UNDERSCORE = '_'.charCodeAt(0);
const QUESTION_MARK = '?'.charCodeAt(0);

/** What becomes of each kind: something of the same size that older kernels know, so that what refers to it stays right. */
const REWRITES: Partial<Record<BtfKind, Rewrite>> = {
  VAR: (editor, id, { lacks }) => lacks('btfDatasec') && toByte(editor, id),
  DECL_TAG: (editor, id, { lacks }) => lacks('btfDeclTag') && toByte(editor, id),
  DATASEC: (editor, id, { lacks }) => {
    if (lacks('btfDatasec')) sectionToStruct(editor, id);
    else if (lacks('btfQmarkDatasec')) renameOptional(editor, id);
  },
  FUNC_PROTO: (editor, id, { lacks }) => lacks('btfFunc') && prototypeToEnum(editor, id),
  FUNC: (editor, id, { lacks }) => {
    if (lacks('btfFunc')) editor.setWord(id, Word.INFO, infoWord('TYPEDEF'));
    else if (lacks('btfGlobalFunc')) editor.setWord(id, Word.INFO, infoWord('FUNC'));
  },
  FLOAT: (editor, id, { lacks }) => lacks('btfFloat') && anonymous(editor, id, 'STRUCT'),
  TYPE_TAG: (editor, id, { lacks }) => lacks('btfTypeTag') && anonymous(editor, id, 'CONST'),
  ENUM: (editor, id, { lacks }) => lacks('btfEnum64') && editor.setWord(id, Word.INFO, infoWord('ENUM', editor.vlen(id))),
  ENUM64: (editor, id, context) => context.lacks('btfEnum64') && enumToUnion(editor, id, context.placeholder()),
};

/** The object's types in the words of an older kernel; undefined when the kernel knows them all, so that they are not what it refused. */
export function sanitizeBtf(btf: Btf, features: { has(feature: BtfFeature): boolean }): Uint8Array | undefined {
  const editor = new BtfEditor(btf);
  let placeholder = 0;
  const context: Context = {
    lacks: (feature) => !features.has(feature),
    placeholder: () => {
      placeholder ||= editor.addType([editor.addString('enum64_placeholder'), infoWord('INT'), 1, 8]);
      return placeholder;
    },
  };
  for (let id = 1; id < btf.count; id++) REWRITES[editor.kind(id)]?.(editor, id, context);
  const layout = parseBtfHeader(btf.bytes, btf.what).layout.length > 0 && !context.lacks('btfLayout');
  const bytes = editor.bytes({ layout });
  return Buffer.compare(bytes, btf.bytes) === 0 ? undefined : bytes;
}

/** One byte is never too large where a variable stood. */
function toByte(editor: BtfEditor, id: number): void {
  editor.setWord(id, Word.INFO, infoWord('INT'));
  editor.setWord(id, Word.SIZE_OR_TYPE, 1);
  editor.setWord(id, Word.TAIL, 8);
}

/** Parameters become values, which all have names. */
function prototypeToEnum(editor: BtfEditor, id: number): void {
  editor.setWord(id, Word.INFO, infoWord('ENUM', editor.vlen(id)));
  editor.setWord(id, Word.SIZE_OR_TYPE, 4);
  for (let i = 0; i < editor.vlen(id); i++) {
    if (editor.word(id, Word.TAIL + i * 2) === 0) editor.setWord(id, Word.TAIL + i * 2, editor.addString('unnamed'));
  }
}

function sectionToStruct(editor: BtfEditor, id: number): void {
  replaceInName(editor, id, (byte) => byte === '.'.charCodeAt(0) || byte === QUESTION_MARK);
  const { btf } = editor;
  editor.setWord(id, Word.INFO, infoWord('STRUCT', editor.vlen(id)));
  for (let i = 0; i < editor.vlen(id); i++) {
    const at = Word.TAIL + i * 3;
    const [variable, offset] = [editor.word(id, at), editor.word(id, at + 1)];
    editor.setWord(id, at, variable < btf.count ? editor.word(variable, Word.NAME) : 0);
    editor.setWord(id, at + 1, variable);
    editor.setWord(id, at + 2, offset * 8);
  }
}

function renameOptional(editor: BtfEditor, id: number): void {
  let first = true;
  replaceInName(editor, id, (byte) => {
    const replaced = first && byte === QUESTION_MARK;
    first = false;
    return replaced;
  });
}

function replaceInName(editor: BtfEditor, id: number, applies: (byte: number) => boolean): void {
  const start = editor.word(id, Word.NAME);
  for (const [i, byte] of new TextEncoder().encode(editor.btf.name(id)).entries()) {
    if (applies(byte)) editor.setStringByte(start + i, UNDERSCORE);
  }
}

function anonymous(editor: BtfEditor, id: number, kind: BtfKind): void {
  editor.setWord(id, Word.NAME, 0);
  editor.setWord(id, Word.INFO, infoWord(kind));
}

/** Names of values become names of members; their values are lost. */
function enumToUnion(editor: BtfEditor, id: number, member: number): void {
  editor.setWord(id, Word.INFO, infoWord('UNION', editor.vlen(id)));
  for (let i = 0; i < editor.vlen(id); i++) {
    editor.setWord(id, Word.TAIL + i * 3 + 1, member);
    editor.setWord(id, Word.TAIL + i * 3 + 2, 0);
  }
}
