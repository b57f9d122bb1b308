/** The last `___` that has other characters on both sides begins a flavor: a CO-RE variant of the type (bpf_core_is_flavor_sep of libbpf). */
const FLAVOR = /^(.*[^_])___[^_].*$/s;

/** The name without its flavor: `task_struct___old` is `task_struct`. */
export function essentialName(name: string): string {
  return name.includes('___') ? (FLAVOR.exec(name)?.[1] ?? name) : name;
}
