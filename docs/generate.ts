// Writes what is made from the command records: docs/commands/*.md and schemas/, which are committed, and man/*.8, which the package carries.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { man } from '../commands/help/man.js';
import { markdown } from '../commands/help/markdown.js';
import { objectPage, rootPage } from '../commands/help/page.js';
import { OBJECTS } from '../commands/objects.js';
import { errorSchema, outputOf, publishedSchema, SCHEMA_VERSION, schemaFile } from '../commands/schemas/all.js';
import { toolVersion } from '../commands/version.js';

const pages = [rootPage(), ...(await Promise.all(OBJECTS.map(objectPage)))];
const version = toolVersion();
write('docs/commands', (page) => [`${page.title}.md`, markdown(page)]);
write('man', (page) => [`${page.title}.8`, man(page, version)]);

await writeSchemas(`schemas/v${SCHEMA_VERSION}`);

/** What each command prints with -j, and one for errors. */
async function writeSchemas(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const put = (name: string, schema: unknown) => writeFileSync(`${folder}/${schemaFile(name)}`, `${JSON.stringify(schema, null, 2)}\n`);
  put('error', errorSchema());
  for (const name of await commandNames()) {
    const output = await outputOf(name);
    const schema = output && publishedSchema(name, output);
    if (schema) put(name, schema);
  }
}

async function commandNames(): Promise<string[]> {
  const names: string[] = [];
  for (const { name, load } of OBJECTS) {
    const { command } = await load();
    names.push(...('subcommands' in command ? command.subcommands.map((each) => `${name} ${each.name}`) : [name]));
  }
  return names;
}

function write(folder: string, file: (page: (typeof pages)[number]) => readonly [name: string, text: string]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of pages.map(file)) writeFileSync(`${folder}/${name}`, text);
}
