import type { ObjectCommand } from './command.js';
import { TERMS } from './reference/reference.js';

export const command: ObjectCommand = {
  name: 'prog',
  summary: 'Programs in the kernel',
  subcommands: [
    { name: 'show', aliases: ['list'], load: async () => (await import('./prog/show.js')).show },
    { name: 'dump', load: async () => (await import('./prog/dump.js')).dump },
    { name: 'pin', load: async () => (await import('./prog/pin.js')).pin },
    { name: 'load', load: async () => (await import('./prog/load.js')).loadFirst },
    { name: 'loadall', load: async () => (await import('./prog/load.js')).loadAll },
    { name: 'attach', load: async () => (await import('./prog/attach.js')).attach },
    { name: 'detach', load: async () => (await import('./prog/attach.js')).detach },
    { name: 'tracelog', load: async () => (await import('./prog/tracelog.js')).tracelog },
    { name: 'run', load: async () => (await import('./prog/run.js')).run },
    { name: 'profile', load: async () => (await import('./prog/profile.js')).profile },
  ],
  terms: [TERMS.program, TERMS.map, TERMS.type, TERMS.attachType],
};
