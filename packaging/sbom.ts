import { execFileSync } from 'node:child_process';
import { root } from './root.js';
import { type Architecture, BUN } from './single.js';

interface Component {
  readonly name: string;
  readonly version: string;
  externalReferences?: readonly { readonly type: string }[];
}

interface Bill {
  serialNumber?: string;
  metadata: { timestamp?: string; component: { name: string } };
  components: Component[];
}

/**
 * What is in the package, or in the single executable for an architecture, as CycloneDX: what npm says of the packages at run time, and Bun. Made twice from
 * the same files it is the same text.
 */
export function billOfMaterials(architecture?: Architecture): string {
  const text = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'], {
    cwd: root,
    encoding: 'utf8',
  });
  const bill = JSON.parse(text) as Bill;
  delete bill.serialNumber;
  delete bill.metadata.timestamp;
  // npm writes the name of the folder.
  bill.metadata.component.name = 'bpf-ts';
  // Which mirror a package came from says nothing of it.
  for (const component of bill.components)
    component.externalReferences = component.externalReferences?.filter(({ type }) => type !== 'distribution') ?? [];
  if (architecture) bill.components.push(bunComponent(architecture));
  return `${JSON.stringify(bill, undefined, 2)}\n`;
}

function bunComponent(architecture: Architecture): Component {
  const { name, version, integrity } = BUN[architecture];
  const content = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
  const described = {
    'bom-ref': `${name}@${version}`,
    type: 'platform',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    hashes: [{ alg: 'SHA-512', content }],
    licenses: [{ license: { id: 'MIT' } }],
  };
  return described;
}
