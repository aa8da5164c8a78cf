import { randomBytes } from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Who asks, and by which credentials. */
interface User {
  readonly name: string
  readonly token?: string
  /** PEM, both. */
  readonly certified?: { readonly cert: string; readonly key: string }
}

/** What kubectl, or a node, needs to reach a server as somebody. */
export function kubeconfigText(url: string, ca: string, user: User): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: argosy
  cluster:
    server: ${url}
    certificate-authority-data: ${base64(ca)}
users:
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

/** Writes a file that nobody else may read, whole or not at all. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const draft = `${path}.new`
  await writeFile(draft, text, { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, path)
}
