import { forgetGoneTerminal } from './gone-terminal.js';

const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls back at the first signal that asks a command to stop, so that it can end in order; a second one ends it at once, as by default.
 * Until this is disposed of.
 */
export function onStop(callback: () => void): Disposable {
  const stop = (signal: NodeJS.Signals) => {
    remove();
    if (signal === 'SIGHUP') forgetGoneTerminal();
    callback();
  };
  const remove = () => {
    for (const signal of STOPPING) process.removeListener(signal, stop);
  };
  for (const signal of STOPPING) process.on(signal, stop);
  return { [Symbol.dispose]: remove };
}

/**
 * Lets a signal that asks a command to stop wait for what must not be left half done, such as one pin of several. Then it ends the process. What is taken
 * by {@link onStop} is left to that. All that is done until this is disposed of has to be synchronous.
 */
export function holdSignals(): Disposable {
  const stop = (signal: NodeJS.Signals) => {
    remove();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const remove = () => {
    for (const signal of STOPPING) process.removeListener(signal, stop);
  };
  for (const signal of STOPPING) if (process.listenerCount(signal) === 0) process.on(signal, stop);
  // A signal that came meanwhile is told only when the event loop polls. This may be a poll already: between two immediates there is another.
  return { [Symbol.dispose]: () => void setImmediate(() => setImmediate(remove)) };
}
