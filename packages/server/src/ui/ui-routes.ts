import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { ApiError } from '../http/api-error.ts'
import type { Reply } from '../http/reply.ts'
import type { Route } from '../http/router.ts'

export interface UiOptions {
  readonly directory: string
  /** Without a slash at its end. */
  readonly base: string
  /** How people are known here: the login page offers these. */
  readonly modes: readonly string[]
  /** The only namespace that the server is for. */
  readonly managedNamespace?: string
  /** As X-Frame-Options says it; '': everybody may show these pages in theirs. */
  readonly frameOptions: string
}

/** Serves the built UI: its files, and its index for every other path, told where it is. */
export function uiRoutes(options: UiOptions): readonly Route[] {
  return [
    {
      method: 'GET',
      isPublic: true,
      path: '/{rest...}',
      handle: async ({ params }) => {
        const path = params['rest'] ?? ''
        if (/^(api|artifacts|input-artifacts|artifact-files|oauth2)\//.test(path)) {
          throw new ApiError('Unimplemented', `Not Implemented: there is no GET /${path}`)
        }
        return (await file(options.directory, path)) ?? index(options)
      },
    },
  ]
}

/** Undefined for what is no file. A path cannot leave the directory. */
async function file(directory: string, path: string): Promise<Reply | undefined> {
  const own = normalize(`/${path.replaceAll('\0', '')}`)
  const full = join(directory, own)
  const found = await stat(full).catch(() => undefined)
  if (!found?.isFile() || own === '/index.html') return undefined
  return {
    kind: 'bytes',
    status: 200,
    headers: {
      'Content-Type': types[extname(full)] ?? 'application/octet-stream',
      'Content-Length': found.size,
      // Names of built files hold their hash.
      'Cache-Control': own.startsWith('/assets/')
        ? 'public, max-age=31536000, immutable'
        : 'no-cache',
      'X-Content-Type-Options': 'nosniff',
    },
    body: createReadStream(full),
  }
}

async function index({ directory, base, modes, frameOptions, ...more }: UiOptions): Promise<Reply> {
  const text = await readFile(join(directory, 'index.html'), 'utf8').catch(() => undefined)
  if (text === undefined) throw new ApiError('NotFound', 'the UI is not built')
  return {
    kind: 'bytes',
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': policyFor(frameOptions),
      'X-Content-Type-Options': 'nosniff',
    },
    body: text
      .replace(/<base href="[^"]*"\s*\/?>/, `<base href="${base}/">`)
      .replace(/(<meta name="argosy-auth-modes" content=)"[^"]*"/, `$1"${modes.join(' ')}"`)
      .replace(/(<meta name="argosy-managed-namespace" content=)"[^"]*"/, (_all, start) => {
        // A namespace is a DNS label; what is none must not become part of the page.
        const own = more.managedNamespace?.replaceAll(/[^-a-z0-9.]/g, '') ?? ''
        return `${start}"${own}"`
      }),
  }
}

const policy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'self'"

/** Browsers that know it heed it instead of X-Frame-Options. */
function policyFor(frameOptions: string): string {
  if (frameOptions === '') return policy
  const ancestors = frameOptions.toUpperCase() === 'SAMEORIGIN' ? "'self'" : "'none'"
  return `${policy}; frame-ancestors ${ancestors}`
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
}
