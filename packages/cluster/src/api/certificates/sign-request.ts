import { webcrypto } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { algorithm, loadX509 } from '../http/certificates.ts'

/** What a request in PEM says; its own signature is right. */
export type ReadRequest = { readonly groups: readonly string[] } | { readonly error: string }

export async function readRequest(text: string): Promise<ReadRequest> {
  if (!text.includes('-----BEGIN CERTIFICATE REQUEST-----'))
    return { error: 'PEM block type must be CERTIFICATE REQUEST' }
  try {
    const x509 = await loadX509()
    const request = new x509.Pkcs10CertificateRequest(text)
    if (!(await request.verify())) return { error: 'the signature is not of the key that it names' }
    return { groups: request.subjectName.getField('O') }
  } catch (error) {
    return { error: `unreadable: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** Signs a request, in PEM, for a client of the API; from `now` on for so many seconds. */
export type SignRequest = (
  request: string,
  time: { readonly now: number; readonly seconds: number },
) => Promise<string>

/** Signs with the authority of a server, kept in its folder. */
export function requestSigner(folder: string): SignRequest {
  return async (text, { now, seconds }) => {
    const [ca, caKey] = await Promise.all(
      ['ca.crt', 'ca.key'].map((name) => readFile(join(folder, name), 'utf8')),
    )
    const x509 = await loadX509()
    const request = new x509.Pkcs10CertificateRequest(text)
    const bytes = Buffer.from((caKey ?? '').replace(/-----[^-]+-----|\s/g, ''), 'base64')
    const signingKey = await webcrypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign'])
    const { keyUsages, keyPurposes } = {
      keyUsages: x509.KeyUsageFlags,
      keyPurposes: x509.ExtendedKeyUsage,
    }
    const cert = await x509.X509CertificateGenerator.create({
      subject: request.subject,
      issuer: new x509.X509Certificate(ca ?? '').subject,
      publicKey: request.publicKey,
      signingKey,
      signingAlgorithm: algorithm,
      // Clocks differ.
      notBefore: new Date(now - 5 * 60 * 1000),
      notAfter: new Date(now + seconds * 1000),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(keyUsages.digitalSignature | keyUsages.keyEncipherment, true),
        new x509.ExtendedKeyUsageExtension([keyPurposes.clientAuth]),
      ],
    })
    return `${cert.toString('pem')}\n`
  }
}
