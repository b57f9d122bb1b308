import { forgetGoneTerminal } from './gone-terminal.js';
import { runCall, understand } from './line/dispatch.js';
import { takeGlobalOptions } from './line/options.js';
import { Printer } from './print/printer.js';
import { CLOSED_PIPE_STATUS, ClosedPipe, FileSink, isTerminal, type Streams } from './print/sink.js';

/** Runs one command line and gives the status to exit with. */
export async function main(args: readonly string[], streams: Streams = processStreams()): Promise<number> {
  try {
    const status = await runLine(args, streams);
    streams.out.flush();
    return status;
  } catch (error) {
    if (error instanceof ClosedPipe) {
      forgetGoneTerminal();
      return CLOSED_PIPE_STATUS;
    }
    // Standard output takes nothing more, so that with JSON too the error goes to the other one.
    return await new Printer(streams).fail(error);
  } finally {
    flushQuietly(streams);
  }
}

function processStreams(): Streams {
  return { out: new FileSink(1), err: new FileSink(2), isTerminal: (which) => isTerminal(which === 'out' ? 1 : 2) };
}

async function runLine(args: readonly string[], streams: Streams): Promise<number> {
  // What is said before the line is understood, as far as it is: an error has to know whether JSON was asked for.
  let printer = new Printer(streams, { json: args.some((arg) => /^-[a-zA-Z]*[jp]|^--(js|pre|nd)/.test(arg)) });
  try {
    const line = await takeGlobalOptions(args);
    printer = new Printer(streams, { ...line.options, ...line.root });
    if (line.root.version) return await runCall(await understand({ ...line, words: ['version'] }), printer);
    return await runCall(await understand(line.root.help ? { ...line, words: ['help', ...line.words], rest: [] } : line), printer);
  } catch (error) {
    if (error instanceof ClosedPipe) throw error;
    return await printer.fail(error);
  }
}

function flushQuietly(streams: Streams): void {
  try {
    streams.out.flush();
    streams.err.flush();
  } catch {
    // The reader has gone; the status says so already.
  }
}
