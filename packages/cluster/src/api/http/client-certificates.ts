import { webcrypto, X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { algorithm, isAddress, loadX509, newKeys, pem } from './certificates.ts'

/** PEM, both. */
export interface CertifiedKey {
  readonly cert: string
  readonly key: string
}

/** Who a certificate is for. */
export interface Subject {
  /** Under this name it is kept beside the authority that signs it. */
  readonly file: string
  readonly name: string
  readonly group: string
}

const dayMs = 24 * 3600 * 1000

/** The certificate by which somebody is known to a server and its nodes; made and kept by the server's authority. */
export async function clientCertificate(
  folder: string,
  subject: Subject,
  now: number,
): Promise<CertifiedKey> {
  const path = (end: string) => join(folder, `${subject.file}.${end}`)
  const [ca, caKey, cert, key] = await Promise.all(
    [join(folder, 'ca.crt'), join(folder, 'ca.key'), path('crt'), path('key')].map(read),
  )
  if (!ca || !caKey) throw new Error(`there is no authority in ${folder}`)
  if (cert && key && isGood(cert, ca, now)) return { cert, key }
  const made = await make({ ca, caKey }, subject, now)
  await writeFile(path('key'), made.key, { mode: 0o600 })
  await writeFile(path('crt'), made.cert, { mode: 0o600 })
  return made
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}

/** A server that was given other hosts has another authority. */
function isGood(cert: string, ca: string, now: number): boolean {
  const found = new X509Certificate(cert)
  const lasts = Date.parse(found.validTo) - now > 30 * dayMs
  return lasts && found.verify(new X509Certificate(ca).publicKey)
}

async function make(
  { ca, caKey }: { readonly ca: string; readonly caKey: string },
  { name, group }: Subject,
  now: number,
): Promise<CertifiedKey> {
  const x509 = await loadX509()
  const keys = await newKeys()
  const bytes = Buffer.from(caKey.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const signingKey = await webcrypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign'])
  const cert = await x509.X509CertificateGenerator.create({
    subject: [{ O: [group] }, { CN: [name] }],
    issuer: new x509.X509Certificate(ca).subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    notBefore: new Date(now - 3600 * 1000),
    notAfter: new Date(now + 365 * dayMs),
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
    ],
  })
  return { cert: cert.toString('pem'), key: await pem(keys.privateKey) }
}

/** A certificate that only itself vouches for: whoever wants to trust it must have been told of it. */
export async function ownCertificate(
  folder: string,
  hosts: readonly string[],
  now: number,
): Promise<CertifiedKey> {
  const path = (end: string) => join(folder, `node.${end}`)
  const [kept, keptKey] = await Promise.all([read(path('crt')), read(path('key'))])
  if (kept && keptKey && isFor(kept, hosts, now)) return { cert: kept, key: keptKey }
  const x509 = await loadX509()
  const keys = await newKeys()
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [hosts[0] ?? 'node'] }],
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(now - 3600 * 1000),
    notAfter: new Date(now + 365 * dayMs),
    extensions: [
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        hosts.map((value) => ({
          type: isAddress(value) ? ('ip' as const) : ('dns' as const),
          value,
        })),
      ),
    ],
  })
  const made = { cert: cert.toString('pem'), key: await pem(keys.privateKey) }
  await writeFile(path('key'), made.key, { mode: 0o600 })
  await writeFile(path('crt'), made.cert, { mode: 0o600 })
  return made
}

function isFor(cert: string, hosts: readonly string[], now: number): boolean {
  const found = new X509Certificate(cert)
  const lasts = Date.parse(found.validTo) - now > 30 * dayMs
  return lasts && hosts.every((host) => found.checkHost(host) ?? found.checkIP(host))
}
