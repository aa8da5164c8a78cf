import { basename, extname } from 'node:path/posix'
import { artifactKey } from '@argosy/engine'
import type { Reply } from '../http/reply.ts'
import { contentTypes } from './content-types.table.ts'
import type { FoundArtifact } from './find-artifact.ts'

/** What somebody's workflow made is shown without scripts, and in our own pages only. argo: setSecurityHeaders. */
const guarded = {
  'Content-Security-Policy':
    "sandbox allow-same-origin; base-uri 'none'; default-src 'none'; img-src 'self'; style-src 'self' 'unsafe-inline'",
  'X-Frame-Options': 'SAMEORIGIN',
  'X-Content-Type-Options': 'nosniff',
}

/** The bytes, under their key's last name. */
export async function download(
  { artifact, driver }: FoundArtifact,
  signal: AbortSignal,
): Promise<Reply> {
  const name = basename(artifactKey(artifact) ?? '') || artifact.name
  const body = await driver.open(artifact, signal)
  return {
    kind: 'bytes',
    status: 200,
    headers: {
      ...guarded,
      'Content-Disposition': `filename="${name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_')}"`,
      'Content-Type': contentTypes[extname(name).toLowerCase()] ?? 'application/octet-stream',
    },
    body,
  }
}

/** A page with what is below an artifact's key; its index.html where it has one. */
export async function listing(
  { artifact, driver }: FoundArtifact,
  url: string,
  signal: AbortSignal,
): Promise<Reply> {
  const key = artifactKey(artifact)?.replace(/\/+$/, '') ?? ''
  const keys = await driver.list(artifact, signal)
  const paths = keys.map((one) => one.slice(key.length).replace(/^\/+/, ''))
  if (paths.includes('index.html')) return redirect(`${url}index.html`)
  const names = [...new Set(paths.map((path) => path.replace(/\/.*/s, '/')))].sort()
  const items = names.map((name) => `<li><a href="./${hrefOf(name)}">${escaped(name)}</a></li>\n`)
  return {
    kind: 'bytes',
    status: 200,
    headers: { ...guarded, 'Content-Type': 'text/html; charset=utf-8' },
    body: `<html><body><ul>\n<li><a href="..">..</a></li>\n${items.join('')}</ul></body></html>`,
  }
}

export function redirect(location: string): Reply {
  return { kind: 'bytes', status: 307, headers: { Location: location }, body: '' }
}

function hrefOf(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/')
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
