/** `exec_event_t` is `ExecEvent`; what begins with no letter gets one. */
export function pascalCase(name: string): string {
  const words = name
    .replace(/(?<=[^_])_t$/, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const text = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  return /^[A-Z]/.test(text) ? text : `T${text}`;
}

/** A string of the program. */
export function literal(text: string): string {
  const quoted = JSON.stringify(text).replace(/[\u2028\u2029\u007f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return /['\\]/.test(quoted) ? quoted : `'${quoted.slice(1, -1)}'`;
}

/** The name of a property, quoted when it is no identifier. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}

/** A comment on the line above; what is in it cannot end it. */
export function doc(text: string, indent = ''): string {
  return `${indent}/** ${text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').replaceAll('*/', '*\\/')} */\n`;
}

/** Names of types of the module, each given once. */
export class NameSet {
  readonly #used: Set<string>;

  constructor(reserved: Iterable<string>) {
    this.#used = new Set(reserved);
  }

  /** The name, with a number behind it when it is taken. */
  take(name: string): string {
    let free = name;
    for (let count = 2; this.#used.has(free); count++) free = `${name}${count}`;
    this.#used.add(free);
    return free;
  }
}
