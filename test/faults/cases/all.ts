import type { Case } from '../case.js';
import { ATTACH } from './attach.js';
import { MAP } from './map.js';
import { OTHERS } from './others.js';
import { PROG } from './prog.js';

/** Every subcommand has at least one. */
export const CASES: readonly Case[] = [...PROG, ...MAP, ...ATTACH, ...OTHERS];
