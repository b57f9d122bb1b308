// Which live tests guests leave out.

/** By the file's name, why another kernel has nothing to say about it. The machine's own kernel runs all; so does a guest that is asked for one by `--only`. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'live/bad-input':
    'words, numbers and files that do not fit are refused by the tool; what a kernel refuses is in live/privileges and live/load-failure',
  'live/environment': 'locales, zones, terminals and pipes are of Node and the C library',
  'live/hostile-names': 'names come from every kernel as they were given, and how they are printed is of the tool',
  'live/limits': 'memory, threads and descriptors are of Node; memory that may not be locked is in live/memlock',
  'live/many-at-once': 'an emulated guest runs its processors in turn, where nothing is at once',
  'live/pressure': 'disks, descriptors and readers are met by the tool in one way everywhere',
  'live/run-command': 'a command is started, waited for and ended by the tool; what is attached around it is in live/run',
  'live/top-terminal': 'how a terminal is drawn on and given back is of the tool; what it shows there is in live/top',
};
