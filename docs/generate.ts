// Writes the pages that are made from the command records: docs/commands/*.md, which is committed, and man/*.8, which the package carries.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { man } from '../commands/help/man.js';
import { markdown } from '../commands/help/markdown.js';
import { objectPage, rootPage } from '../commands/help/page.js';
import { OBJECTS } from '../commands/objects.js';
import { toolVersion } from '../commands/version.js';

const pages = [rootPage(), ...(await Promise.all(OBJECTS.map(objectPage)))];
const version = toolVersion();
write('docs/commands', (page) => [`${page.title}.md`, markdown(page)]);
write('man', (page) => [`${page.title}.8`, man(page, version)]);

function write(folder: string, file: (page: (typeof pages)[number]) => readonly [name: string, text: string]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of pages.map(file)) writeFileSync(`${folder}/${name}`, text);
}
