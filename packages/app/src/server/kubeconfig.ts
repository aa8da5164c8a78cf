import { randomBytes } from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What kubectl needs to reach a server as its administrator. */
export function kubeconfigText(url: string, ca: string, token: string): string {
  const authority = Buffer.from(ca).toString('base64')
  return `apiVersion: v1
kind: Config
clusters:
- name: argosy
  cluster:
    server: ${url}
    certificate-authority-data: ${authority}
users:
- name: admin
  user:
    token: ${token}
contexts:
- name: argosy
  context:
    cluster: argosy
    user: admin
    namespace: default
current-context: argosy
`
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
