import type { ListedMap } from '../../src/map/listing.js';
import { offloadText } from '../../src/system/offload.js';

/** The line that names a map, as it also stands above the dumps of several. */
export function headerText(row: ListedMap): string {
  const type = row.typeName ?? `type ${row.type}`;
  const name = row.name === '' ? '' : `name ${row.name}  `;
  const device = row.device ? `  offloaded_to ${offloadText(row.device)}` : '';
  return `${row.id}: ${type}  ${name}flags 0x${row.flags.toString(16)}${device}\n`;
}

/** The same as the first fields of a JSON object. */
export function headerFields(row: ListedMap): Record<string, unknown> {
  return { id: row.id, type: row.typeName ?? row.type, name: row.name || undefined, flags: row.flags };
}
