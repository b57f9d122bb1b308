// A signature as the kernel takes it: a CMS message (RFC 5652) without the content, certificates or attributes, in DER.
import { type DerElement, der, derElements, Tag } from '../../bytes/der.js';
import { UsageError } from '../../errors.js';

/** Object identifiers, encoded. */
const OID = {
  sha256: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01],
  data: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01],
  signedData: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02],
  rsa: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01],
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  subjectKeyIdentifier: [0x55, 0x1d, 0x0e],
} as const;

/** How a key signs: RSA as of PKCS #1 v1.5, or ECDSA; both of a SHA-256 hash. */
export type SignatureKind = 'rsa' | 'ecdsa';

const oid = (name: keyof typeof OID) => der(Tag.OID, Uint8Array.from(OID[name]));
const SHA256 = der(Tag.SEQUENCE, oid('sha256'));
const KINDS: Readonly<Record<SignatureKind, Uint8Array>> = {
  rsa: der(Tag.SEQUENCE, oid('rsa'), der(Tag.NULL)),
  ecdsa: der(Tag.SEQUENCE, oid('ecdsaWithSha256')),
};
/** Of a message, and a signer, that is named by the identifier of its key. */
const VERSION = der(Tag.INTEGER, Uint8Array.of(3));

/** The message around a signature of some content. `keyId` says which key can tell whether it is right, see {@link subjectKeyId}. */
export function cmsSignature(kind: SignatureKind, keyId: Uint8Array, signature: Uint8Array): Uint8Array {
  const signer = der(Tag.SEQUENCE, VERSION, der(Tag.CONTEXT, keyId), SHA256, KINDS[kind], der(Tag.OCTET_STRING, signature));
  const signed = der(Tag.SEQUENCE, VERSION, der(Tag.SET, SHA256), der(Tag.SEQUENCE, oid('data')), der(Tag.SET, signer));
  return der(Tag.SEQUENCE, oid('signedData'), der(Tag.EXPLICIT, signed));
}

/**
 * The identifier that a certificate gives its key (RFC 5280, 4.2.1.2). `certificate` is in DER.
 *
 * @throws UsageError when it gives none; ParseError when it is malformed
 */
export function subjectKeyId(certificate: Uint8Array, what: string): Uint8Array {
  const inside = (element: DerElement | undefined) => (element ? derElements(element.content, what) : []);
  const [whole] = derElements(certificate, what);
  const [toBeSigned] = inside(whole);
  // Of all optional fields of a certificate the extensions alone are in [3].
  const [extensions] = inside(inside(toBeSigned).find(({ tag }) => tag === (Tag.EXPLICIT | 3)));
  for (const extension of inside(extensions)) {
    const [name, ...values] = inside(extension);
    if (name && name.content.join() === OID.subjectKeyIdentifier.join()) {
      const [id] = inside(values.at(-1));
      if (id) return id.content;
    }
  }
  throw new UsageError(`${what} has no subject key identifier, by which the kernel finds the key (make it with subjectKeyIdentifier=hash)`);
}
