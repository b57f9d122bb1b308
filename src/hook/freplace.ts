import type { Hook } from './hook.js';
import { tracingRequest } from './tracing.js';

/** Replaces a global function of another program: `freplace/FUNCTION`. */
export const freplace: Hook = {
  name: 'freplace',
  program: 'EXT',
  link: 'TRACING',
  target: 'program',
  since: '5.6',
  autoAttach: true,
  sections: [{ name: 'freplace+', flags: ['ATTACH_BTF'] }],
  request: tracingRequest,
};
