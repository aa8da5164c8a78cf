import { webcrypto } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** The server's certificate and key, and the authority that clients have to trust; all PEM. */
export interface ServerCertificate {
  readonly cert: string
  readonly key: string
  readonly ca: string
}

const names = ['ca.crt', 'ca.key', 'server.crt', 'server.key'] as const
const dayMs = 24 * 3600 * 1000
export const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** The certificate kept in a folder; made, with an authority of its own, when there is none for these hosts. */
export async function serverCertificate(
  folder: string,
  hosts: readonly string[],
  now: number,
): Promise<ServerCertificate> {
  const kept = await read(folder, hosts, now)
  if (kept) return kept
  const made = await make([...new Set([...ownHosts(), ...hosts])], now)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const texts = [made.ca, made.caKey, made.cert, made.key]
  await Promise.all(
    names.map((name, index) => writeFile(join(folder, name), texts[index] ?? '', { mode: 0o600 })),
  )
  return made
}

function ownHosts(): readonly string[] {
  const service = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc']
  return [
    'localhost',
    '127.0.0.1',
    '::1',
    ...service,
    'kubernetes.default.svc.cluster.local',
    hostname(),
  ]
}

async function read(
  folder: string,
  hosts: readonly string[],
  now: number,
): Promise<ServerCertificate | undefined> {
  const [ca, , cert, key] = await Promise.all(
    names.map((name) => readFile(join(folder, name), 'utf8').catch(() => undefined)),
  )
  if (ca === undefined || cert === undefined || key === undefined) return undefined
  const { X509Certificate } = await import('node:crypto')
  const found = new X509Certificate(cert)
  const isFor = (host: string) => found.checkHost(host) ?? found.checkIP(host)
  const lasts = Date.parse(found.validTo) - now > 30 * dayMs
  return lasts && hosts.every(isFor) ? { ca, cert, key } : undefined
}

async function make(hosts: readonly string[], now: number) {
  const x509 = await loadX509()
  const validity = {
    notBefore: new Date(now - 3600 * 1000),
    notAfter: new Date(now + 10 * 365 * dayMs),
  }
  const caKeys = await newKeys()
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=argosy-ca',
    keys: caKeys,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign |
          x509.KeyUsageFlags.cRLSign |
          x509.KeyUsageFlags.digitalSignature,
        true,
      ),
    ],
  })
  const keys = await newKeys()
  const cert = await x509.X509CertificateGenerator.create({
    subject: 'CN=argosy',
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        hosts.map((value) => ({
          type: isAddress(value) ? ('ip' as const) : ('dns' as const),
          value,
        })),
      ),
    ],
  })
  return {
    ca: ca.toString('pem'),
    caKey: await pem(caKeys.privateKey),
    cert: cert.toString('pem'),
    key: await pem(keys.privateKey),
  }
}

/** Some 100 ms to load: only who makes certificates needs it. */
export async function loadX509() {
  // It does not load without this.
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  x509.cryptoProvider.set(webcrypto as Crypto)
  return x509
}

export function newKeys() {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

export function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(':')
}

/** A private key as text. */
export async function pem(key: CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64')
  const lines = bytes.match(/.{1,64}/g) ?? []
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n')
}
