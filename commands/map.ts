import type { ObjectCommand } from './command.js';
import { push, remove, update } from './map-change.js';
import { create, TYPE_TERM } from './map-create.js';
import { DATA_TERMS } from './map-data.js';
import { dump } from './map-dump.js';
import { lookup, peek, pop } from './map-lookup.js';
import { getnext } from './map-next.js';
import { freeze, pin } from './map-pin.js';
import { show } from './map-show.js';
import { TERMS } from './reference.js';

export const command: ObjectCommand = {
  name: 'map',
  summary: 'Maps in the kernel',
  subcommands: [show, dump, update, lookup, getnext, remove, pin, create, peek, push, pop, freeze],
  terms: [TERMS.map, TERMS.program, ...DATA_TERMS, TYPE_TERM],
};
