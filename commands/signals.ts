const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls back at the first signal that asks a command to stop, so that it can end in order; a second one ends it at once, as by default.
 * Until this is disposed of.
 */
export function onStop(callback: () => void): Disposable {
  const stop = () => {
    remove();
    callback();
  };
  const remove = () => {
    for (const signal of STOPPING) process.removeListener(signal, stop);
  };
  for (const signal of STOPPING) process.on(signal, stop);
  return { [Symbol.dispose]: remove };
}
