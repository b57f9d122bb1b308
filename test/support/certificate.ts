// Keys with certificates of their own, made anew for each test.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { der, Tag } from '../../src/bytes/der.js';
import type { GivenFile } from '../../src/gen/signature/signer.js';

/** A private key in PEM and its certificate in DER, as files. */
export interface TestKey {
  readonly key: GivenFile;
  readonly certificate: GivenFile;
}

const oid = (...bytes: number[]) => der(Tag.OID, Uint8Array.from(bytes));
const text = (value: string) => new TextEncoder().encode(value);
const COMMON_NAME = oid(0x55, 0x04, 0x03);
const KEY_ID = oid(0x55, 0x1d, 0x0e);
const ALGORITHM = {
  rsa: der(Tag.SEQUENCE, oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), der(Tag.NULL)),
  ec: der(Tag.SEQUENCE, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)),
};
const [UTF8_STRING, UTC_TIME, BIT_STRING] = [0x0c, 0x17, 0x03];

/** A new key; with `keyId` false its certificate does not say which key it is for. */
export function makeKey(kind: 'rsa' | 'ec', keyId = true): TestKey {
  const { privateKey, publicKey } =
    kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return {
    key: { name: 'key.pem', bytes: text(pem) },
    certificate: { name: 'cert.der', bytes: selfSigned(kind, privateKey, publicKey, keyId) },
  };
}

function selfSigned(kind: 'rsa' | 'ec', privateKey: KeyObject, publicKey: KeyObject, keyId: boolean): Uint8Array {
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const name = der(Tag.SEQUENCE, der(Tag.SET, der(Tag.SEQUENCE, COMMON_NAME, der(UTF8_STRING, text(`bpf-ts test ${process.pid}`)))));
  const id = der(Tag.OCTET_STRING, new Uint8Array(createHash('sha1').update(spki).digest()));
  const extensions = der(Tag.EXPLICIT | 3, der(Tag.SEQUENCE, der(Tag.SEQUENCE, KEY_ID, der(Tag.OCTET_STRING, id))));
  const valid = der(Tag.SEQUENCE, der(UTC_TIME, text('200101000000Z')), der(UTC_TIME, text('491231235959Z')));
  const version = der(Tag.EXPLICIT, der(Tag.INTEGER, Uint8Array.of(2)));
  const serial = der(Tag.INTEGER, Uint8Array.of(1));
  const parts = [version, serial, ALGORITHM[kind], name, valid, name, spki, ...(keyId ? [extensions] : [])];
  const toBeSigned = der(Tag.SEQUENCE, ...parts);
  const signature = new Uint8Array(sign('sha256', toBeSigned, privateKey));
  return der(Tag.SEQUENCE, toBeSigned, ALGORITHM[kind], der(BIT_STRING, Uint8Array.of(0), signature));
}
