import type { Hook, Request, Target } from './hook.js';

/** The target was fixed when the program was loaded. Links with a cookie since 5.18, without one before that by BPF_RAW_TRACEPOINT_OPEN. */
export function tracingRequest({ section, cookie }: Target): Request {
  const without: Request = { via: 'raw_tracepoint_open', name: undefined };
  const link = { via: 'link_create', attach: section.attach, fields: { 'tracing.cookie': cookie } } as const;
  return cookie === undefined ? { ...link, otherwise: without } : { ...link, since: '5.18' };
}

/** A raw tracepoint whose arguments are typed by the kernel's BTF: `tp_btf/NAME`. */
export const tpBtf: Hook = {
  name: 'tp_btf',
  program: 'TRACING',
  link: 'RAW_TRACEPOINT',
  target: 'tracepoint',
  since: '5.5',
  autoAttach: true,
  words: ['cookie'],
  sections: [
    { name: 'tp_btf+', attach: 'TRACE_RAW_TP', flags: ['ATTACH_BTF'] },
    { name: 'tp_btf.s+', attach: 'TRACE_RAW_TP', flags: ['ATTACH_BTF', 'SLEEPABLE'], since: '7.2' },
  ],
  request: tracingRequest,
};

/** Entry and exit of a kernel function or of another program's, with typed arguments: `fentry/FUNCTION`. */
export const fentry: Hook = {
  name: 'fentry',
  program: 'TRACING',
  link: 'TRACING',
  target: 'kernel function',
  since: '5.5',
  autoAttach: true,
  words: ['cookie'],
  sections: [
    { name: 'fentry+', attach: 'TRACE_FENTRY', flags: ['ATTACH_BTF'] },
    { name: 'fexit+', attach: 'TRACE_FEXIT', flags: ['ATTACH_BTF'] },
    { name: 'fentry.s+', attach: 'TRACE_FENTRY', flags: ['ATTACH_BTF', 'SLEEPABLE'], since: '5.10' },
    { name: 'fexit.s+', attach: 'TRACE_FEXIT', flags: ['ATTACH_BTF', 'SLEEPABLE'], since: '5.10' },
  ],
  request: tracingRequest,
};

/** Decides what a kernel function that allows it returns: `fmod_ret/FUNCTION`. */
export const fmodRet: Hook = {
  name: 'fmod_ret',
  program: 'TRACING',
  link: 'TRACING',
  target: 'kernel function',
  since: '5.7',
  autoAttach: true,
  words: ['cookie'],
  sections: [
    { name: 'fmod_ret+', attach: 'MODIFY_RETURN', flags: ['ATTACH_BTF'] },
    { name: 'fmod_ret.s+', attach: 'MODIFY_RETURN', flags: ['ATTACH_BTF', 'SLEEPABLE'], since: '5.10' },
  ],
  request: tracingRequest,
};

/** Entry and exit of a kernel function in one program that shares a cookie between both. */
export const fsession: Hook = {
  name: 'fsession',
  program: 'TRACING',
  link: 'TRACING',
  target: 'kernel function',
  since: '7.0',
  autoAttach: true,
  words: ['cookie'],
  sections: [
    { name: 'fsession+', attach: 'TRACE_FSESSION', flags: ['ATTACH_BTF'] },
    { name: 'fsession.s+', attach: 'TRACE_FSESSION', flags: ['ATTACH_BTF', 'SLEEPABLE'] },
  ],
  request: tracingRequest,
};
