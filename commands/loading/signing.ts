import { type Signer, signerOf } from '../../src/gen/signature/signer.js';
import type { Options } from '../command.js';
import { readFile } from '../input-file.js';

/** What `-S -k KEY -i CERTIFICATE` signs with; undefined without `-S`. @throws UsageError when the files are not what they should be */
export function signerFrom({ sign }: Pick<Options, 'sign'>): Signer | undefined {
  if (!sign) return undefined;
  const [key, certificate] = [sign.key, sign.certificate].map((name) => ({ name, bytes: readFile(name, 'key') }));
  return signerOf(key!, certificate!);
}
