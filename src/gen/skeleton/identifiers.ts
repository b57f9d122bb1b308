const MAX_OBJECT_NAME = 63;

const KEYWORDS = new Set(
  `auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short
  signed sizeof static struct switch typedef union unsigned void volatile while asm`.split(/\s+/),
);

/** What names of C cannot have becomes `_`, as in bpftool. */
export function sanitized(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}

/** A name that C takes: sanitized, and changed where it would still be none. */
export function identifier(name: string): string {
  const text = sanitized(name);
  if (KEYWORDS.has(text)) return `${text}_`;
  return /^[A-Za-z_]/.test(text) ? text : `_${text}`;
}

/** What a skeleton is called: as it is told, or after the file without its `.o`. */
export function skeletonName(file: string, given?: string): string {
  const base = given ?? file.replace(/^.*\//, '').slice(0, MAX_OBJECT_NAME).replace(/\.o$/, '');
  return identifier(base.slice(0, MAX_OBJECT_NAME));
}

export function headerGuard(name: string, suffix: string): string {
  return `__${name}_${suffix}__`.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

const DATA_SECTIONS = ['.data', '.rodata', '.bss', '.kconfig'];

/** The member of a skeleton for the variables of a section; undefined for sections that are none of data. */
export function sectionIdentifier(section: string): string | undefined {
  // What LLVM calls the address space of arenas.
  if (section === '.addr_space.1') return 'arena';
  return DATA_SECTIONS.some((prefix) => section.startsWith(prefix)) ? sanitized(section.slice(1)) : undefined;
}

/** The member of a skeleton for a map of global variables, from the map's name: `obj.rodata` is `rodata`. */
export function dataMapIdentifier(name: string): string | undefined {
  for (const suffix of DATA_SECTIONS) {
    const at = name.indexOf(suffix);
    if (at >= 0) return sanitized(name.slice(at + 1));
  }
  return undefined;
}
