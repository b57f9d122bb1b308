// Debian's archive through apt, with suites and folders of its own: nothing of the system's configuration changes. apt checks the signatures.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun, output } from './command.js';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Some suites of the archive that the system's own sources name, with their lists and packages below a folder. */
export class Archive {
  readonly #options: readonly string[];
  readonly #folder: string;
  readonly #suites: readonly string[];

  /** @throws CannotRun when the system's sources name no archive of Debian */
  constructor(folder: string, suites: readonly string[]) {
    this.#suites = suites;
    this.#folder = folder;
    const [lists, cache, sources, status] = ['lists', 'cache', 'sources.list', 'status'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
      string,
    ];
    for (const each of [join(lists, 'partial'), join(cache, 'archives/partial')]) mkdirSync(each, { recursive: true });
    writeFileSync(status, '');
    writeFileSync(sources, sourcesOf(suites).join('\n').concat('\n'));
    this.#options = [
      ['Dir::Etc::sourcelist', sources],
      ['Dir::Etc::sourceparts', '-'],
      ['Dir::State::lists', lists],
      ['Dir::Cache', cache],
      // What is installed here is no candidate there.
      ['Dir::State::status', status],
      ['Acquire::Languages', 'none'],
      ['Acquire::Retries', '2'],
      // Root owns these folders, and apt's own user could not write there.
      ['APT::Sandbox::User', 'root'],
    ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  }

  /** Fetches the lists. A suite that is no longer there is no failure: the archive drops old ones. @throws CannotRun when none can be had */
  update(): void {
    output('apt-get', [...this.#options, '-q', 'update'], { tolerate: true });
    if (this.packages('linux-').length === 0)
      throw new CannotRun(`no list of packages of ${this.#suites.join(' or ')} can be fetched from Debian's archive`);
  }

  /** Names of packages that start with this. */
  packages(prefix: string): string[] {
    return lines(output('apt-cache', [...this.#options, 'pkgnames', prefix]));
  }

  /** Names of packages that this one cannot do without. */
  dependencies(name: string): string[] {
    const shown = lines(output('apt-cache', [...this.#options, 'depends', '--important', '--no-recommends', name]));
    return shown.map((line) => /^\s*\|?Depends: ([^<]\S*)$/.exec(line)?.[1] ?? '').filter((each) => each !== '');
  }

  /** Downloads a package and unpacks it, installing nothing. @throws CannotRun when it cannot be had, or is not what Debian signed */
  unpack(name: string, folder: string): void {
    const downloads = mkdtempSync(join(this.#folder, 'download-'));
    try {
      output('apt-get', [...this.#options, '-q', 'download', name], { cwd: downloads });
      for (const file of readdirSync(downloads)) output('dpkg-deb', ['-x', join(downloads, file), folder]);
    } finally {
      rmSync(downloads, { recursive: true });
    }
  }
}

/** Lines of sources.list for these suites, from wherever the system itself gets Debian. */
function sourcesOf(suites: readonly string[]): string[] {
  const shown = lines(output('apt-get', ['indextargets', '--format', '$(ORIGIN)|$(LABEL)|$(REPO_URI)']));
  const archives = new Map(
    shown.map((line) => line.split('|')).flatMap(([origin, label, uri]) => (origin === 'Debian' ? [[label!, uri!]] : [])),
  );
  const main = archives.get('Debian');
  if (main === undefined)
    throw new CannotRun("the system's apt knows no archive of Debian, from which the kernels come (is apt-get update to be run first?)");
  const signed = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : '';
  return suites.map((suite) => {
    const security = suite.endsWith('-security');
    return `deb ${signed}${security ? (archives.get('Debian-Security') ?? main) : main} ${suite} main`;
  });
}

function lines(text: Buffer): string[] {
  return text
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}
