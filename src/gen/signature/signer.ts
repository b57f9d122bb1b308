// Signing with Node's own crypto: nothing but computation.
import { createHash, createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { UsageError } from '../../errors.js';
import { cmsSignature, type SignatureKind, subjectKeyId } from './cms.js';

/** What programs are signed with. */
export interface Signer {
  /** The certificate in DER, as the kernel's keyrings take it. */
  readonly certificate: Uint8Array;
  readonly seal: (instructions: Uint8Array) => Seal;
}

/** What the kernel holds a signed program against. */
export interface Seal {
  /** Of the program's instructions: a CMS message in DER, detached. */
  readonly signature: Uint8Array;
  /** Their SHA-256 hash: the program's tag, by which a map lets this program in alone. */
  readonly hash: Uint8Array;
}

/** A file that somebody gave, and what to call it. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const KINDS: Readonly<Record<string, SignatureKind>> = { rsa: 'rsa', ec: 'ecdsa' };

/**
 * A signer out of a private key in PEM and its certificate in PEM or DER.
 *
 * @throws UsageError when one of them cannot be read, they do not belong together, or the kernel could not check what they sign
 */
export function signerOf(key: GivenFile, certificate: GivenFile): Signer {
  const privateKey = readKey(key);
  const x509 = readCertificate(certificate);
  const kind = KINDS[privateKey.asymmetricKeyType ?? ''];
  if (!kind)
    throw new UsageError(`${key.name} is a key of type ${privateKey.asymmetricKeyType}: programs are signed with RSA or ECDSA keys`);
  if (!x509.checkPrivateKey(privateKey)) throw new UsageError(`${key.name} is not the key of the certificate ${certificate.name}`);
  const raw = new Uint8Array(x509.raw);
  const keyId = subjectKeyId(raw, certificate.name);
  return {
    certificate: raw,
    seal: (instructions) => ({
      signature: cmsSignature(kind, keyId, new Uint8Array(sign('sha256', instructions, privateKey))),
      hash: sha256(instructions),
    }),
  };
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

function readKey({ name, bytes }: GivenFile): KeyObject {
  try {
    return createPrivateKey(Buffer.from(bytes));
  } catch {
    const isLocked = /ENCRYPTED/.test(Buffer.from(bytes.subarray(0, 200)).toString('latin1'));
    throw new UsageError(`${name} is ${isLocked ? 'a private key with a passphrase, which cannot be asked for' : 'no private key in PEM'}`);
  }
}

function readCertificate({ name, bytes }: GivenFile): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch {
    throw new UsageError(`${name} is no X.509 certificate in PEM or DER`);
  }
}
