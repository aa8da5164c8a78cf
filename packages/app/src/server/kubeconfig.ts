import { randomBytes } from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { socketExtension } from '@argosy/kube/remote'

/** Who asks, and by which credentials. */
interface User {
  readonly name: string
  readonly token?: string
  /** PEM, both. */
  readonly certified?: { readonly cert: string; readonly key: string }
}

/** A server, as clients find it. */
interface Place {
  readonly url: string
  readonly ca: string
  /** For commands of ours on the same machine. */
  readonly socket?: string | undefined
}

/** What kubectl, or a node, needs to reach a server as somebody. */
export function kubeconfigText({ url, ca, socket }: Place, user: User): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: argosy
  cluster:
    server: ${url}
    certificate-authority-data: ${base64(ca)}
${socket === undefined ? '' : extension(socket)}users:
- name: ${user.name}
  user:
${credentials(user)}
contexts:
- name: argosy
  context:
    cluster: argosy
    user: ${user.name}
    namespace: default
current-context: argosy
`
}

function extension(socket: string): string {
  const path = JSON.stringify(socket)
  return `    extensions:\n    - name: ${socketExtension}\n      extension:\n        path: ${path}\n`
}

function credentials({ token, certified }: User): string {
  if (!certified) return `    token: ${token}`
  const { cert, key } = certified
  return `    client-certificate-data: ${base64(cert)}\n    client-key-data: ${base64(key)}`
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** The administrator's token of a data directory; made once. */
export async function adminToken(dataDir: string): Promise<string> {
  const path = join(dataDir, 'admin.token')
  const kept = await readFile(path, 'utf8').catch(() => undefined)
  if (kept) return kept.trim()
  const token = randomBytes(32).toString('base64url')
  await writePrivate(path, `${token}\n`)
  return token
}

/** Writes the administrator's kubeconfig of a data directory; resolves to its path. */
export async function writeKubeconfig(
  dataDir: string,
  place: Place,
  token: string,
): Promise<string> {
  const path = join(dataDir, 'kubeconfig')
  await writePrivate(path, kubeconfigText(place, { name: 'admin', token }))
  return path
}

/** Writes a file that nobody else may read, whole or not at all. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const draft = `${path}.new`
  await writeFile(draft, text, { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, path)
}
