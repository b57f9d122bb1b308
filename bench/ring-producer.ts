// Runs a program that fills a ring buffer again and again: `ring-producer PROGRAM_ID MILLISECONDS`.
import { Program } from '../src/program/program.js';

using program = Program.fromId(Number(process.argv[2]));
const end = performance.now() + Number(process.argv[3]);
while (performance.now() < end) program.testRun({});
