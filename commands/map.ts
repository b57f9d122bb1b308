import type { ObjectCommand } from './command.js';
import { DATA_TERMS, TYPE_TERM } from './map/terms.js';
import { TERMS } from './reference/reference.js';

export const command: ObjectCommand = {
  name: 'map',
  summary: 'Maps in the kernel',
  subcommands: [
    { name: 'show', aliases: ['list'], load: async () => (await import('./map/show.js')).show },
    { name: 'dump', load: async () => (await import('./map/dump.js')).dump },
    { name: 'update', load: async () => (await import('./map/change.js')).update },
    { name: 'lookup', load: async () => (await import('./map/lookup.js')).lookup },
    { name: 'getnext', load: async () => (await import('./map/next.js')).getnext },
    { name: 'delete', load: async () => (await import('./map/change.js')).remove },
    { name: 'pin', load: async () => (await import('./map/pin.js')).pin },
    { name: 'event_pipe', load: async () => (await import('./map/event-pipe.js')).eventPipe },
    { name: 'create', load: async () => (await import('./map/create.js')).create },
    { name: 'peek', load: async () => (await import('./map/lookup.js')).peek },
    { name: 'push', aliases: ['enqueue'], load: async () => (await import('./map/change.js')).push },
    { name: 'pop', aliases: ['dequeue'], load: async () => (await import('./map/lookup.js')).pop },
    { name: 'freeze', load: async () => (await import('./map/pin.js')).freeze },
    { name: 'set', load: async () => (await import('./map/set.js')).set },
    { name: 'export', load: async () => (await import('./map/export.js')).exportMap },
    { name: 'import', load: async () => (await import('./map/import.js')).importMap },
    { name: 'diff', load: async () => (await import('./map/diff.js')).diff },
    { name: 'count', load: async () => (await import('./map/count.js')).count },
    { name: 'watch', load: async () => (await import('./map/watch.js')).watch },
  ],
  terms: [TERMS.map, TERMS.program, ...DATA_TERMS, TYPE_TERM],
};
