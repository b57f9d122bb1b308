import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { der, derElements, Tag } from '../../src/bytes/der.js';
import { subjectKeyId } from '../../src/gen/signature/cms.js';
import { signerOf } from '../../src/gen/signature/signer.js';
import { makeKey } from '../support/certificate.js';

const content = new TextEncoder().encode('the instructions of a program');
const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'needs openssl, to hold the signature against';

test('elements of DER are read as they are written, whatever their length', () => {
  for (const length of [0, 1, 127, 128, 255, 256, 70_000]) {
    const bytes = der(Tag.SEQUENCE, der(Tag.OCTET_STRING, new Uint8Array(length).fill(7)), der(Tag.NULL));
    const [sequence] = derElements(bytes, 'x');
    const [octets, nothing] = derElements(sequence!.content, 'x');
    assert.deepEqual([octets!.tag, octets!.content.length, nothing!.tag], [Tag.OCTET_STRING, length, Tag.NULL]);
  }
  assert.throws(() => derElements(Uint8Array.of(0x30, 5, 1), 'x'), /an element of 5 bytes is cut off/);
  assert.throws(() => derElements(Uint8Array.of(0x30, 0x89, 1), 'x'), /no proper length/);
  assert.throws(() => derElements(Uint8Array.of(0x30), 'x'), /no proper length/);
});

for (const kind of ['rsa', 'ec'] as const) {
  test(`what is signed with a key of type ${kind} openssl finds to be right, and nothing else`, { skip: noOpenssl }, () => {
    const { key, certificate } = makeKey(kind);
    const { signature, hash } = signerOf(key, certificate).seal(content);
    assert.deepEqual(hash, new Uint8Array(createHash('sha256').update(content).digest()));
    const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-sign-'));
    try {
      const file = (name: string, bytes: Uint8Array) => {
        writeFileSync(join(folder, name), bytes);
        return join(folder, name);
      };
      const check = (bytes: Uint8Array) =>
        spawnSync('openssl', [
          ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', file('signature', signature)],
          ...['-content', file('content', bytes), '-certfile', file('cert.pem', pem(certificate.bytes)), '-nointern', '-noverify'],
        ]).status;
      assert.equal(check(content), 0);
      assert.notEqual(check(content.slice(1)), 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test('a signature by RSA is what openssl writes, byte for byte', { skip: noOpenssl }, () => {
  const { key, certificate } = makeKey('rsa');
  const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-sign-'));
  try {
    const [keyFile, certFile] = [join(folder, 'key'), join(folder, 'cert')];
    writeFileSync(keyFile, key.bytes);
    writeFileSync(certFile, pem(certificate.bytes));
    const options = ['-sign', '-binary', '-noattr', '-nocerts', '-keyid', '-outform', 'DER', '-md', 'sha256'];
    const expected = execFileSync('openssl', ['cms', ...options, '-signer', certFile, '-inkey', keyFile], { input: content });
    assert.deepEqual(signerOf(key, certificate).seal(content).signature, new Uint8Array(expected));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('files that are no key, no certificate, or do not belong together are refused by name', () => {
  const [one, other, anonymous] = [makeKey('ec'), makeKey('ec'), makeKey('ec', false)];
  const garbage = { name: 'garbage', bytes: content };
  const locked = { name: 'locked', bytes: encryptedKey() };
  const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const refused: [() => unknown, RegExp][] = [
    [() => signerOf(garbage, one.certificate), /^garbage is no private key in PEM$/],
    [() => signerOf(locked, one.certificate), /^locked is a private key with a passphrase/],
    [() => signerOf(one.key, garbage), /^garbage is no X.509 certificate/],
    [() => signerOf(one.key, other.certificate), /^key.pem is not the key of the certificate cert.der$/],
    [() => signerOf({ name: 'ed', bytes: new TextEncoder().encode(ed25519) }, one.certificate), /^ed is a key of type ed25519/],
    [() => signerOf(anonymous.key, anonymous.certificate), /has no subject key identifier/],
  ];
  for (const [attempt, message] of refused) assert.throws(attempt, { name: 'UsageError', message });
  assert.throws(() => subjectKeyId(one.certificate.bytes.slice(0, 40), 'cut.der'), { name: 'ParseError' });
});

function encryptedKey(): Uint8Array {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
  return new TextEncoder().encode(pem as string);
}

function pem(bytes: Uint8Array): Uint8Array {
  const base64 = Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n');
  return new TextEncoder().encode(`-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`);
}
