/** Numbers of the ELF specification that are met in BPF objects and in executables. */

/** e_type. */
export const ElfType = { REL: 1, EXEC: 2, DYN: 3, CORE: 4 } as const;

/** e_machine. */
export const ElfMachine = { X86_64: 62, AARCH64: 183, RISCV: 243, BPF: 247, LOONGARCH: 258, S390: 22, PPC64: 21 } as const;

/** sh_type. */
export const SectionType = {
  NULL: 0,
  PROGBITS: 1,
  SYMTAB: 2,
  STRTAB: 3,
  RELA: 4,
  NOTE: 7,
  NOBITS: 8,
  REL: 9,
  DYNSYM: 11,
  SYMTAB_SHNDX: 18,
  LLVM_ADDRSIG: 0x6fff4c03,
} as const;

/** Bits of sh_flags. */
export const SectionFlags = { WRITE: 1, ALLOC: 2, EXECINSTR: 4, COMPRESSED: 0x800 } as const;

/** Section indices of symbols that name no section. */
export const SectionIndex = { UNDEF: 0, ABS: 0xfff1, COMMON: 0xfff2, XINDEX: 0xffff } as const;

export const SymbolType = { NOTYPE: 0, OBJECT: 1, FUNC: 2, SECTION: 3, FILE: 4, COMMON: 5, TLS: 6, GNU_IFUNC: 10 } as const;

export const SymbolBinding = { LOCAL: 0, GLOBAL: 1, WEAK: 2 } as const;

export const SymbolVisibility = { DEFAULT: 0, INTERNAL: 1, HIDDEN: 2, PROTECTED: 3 } as const;

/** Relocation types of BPF (Documentation/bpf/llvm_reloc.rst). */
export const BpfRelocation = { NONE: 0, R_64_64: 1, ABS64: 2, ABS32: 3, NODYLD32: 4, R_64_32: 10 } as const;

/** p_type. */
export const SegmentType = { LOAD: 1, DYNAMIC: 2, INTERP: 3, NOTE: 4 } as const;
