import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { Artifact, JsonObject } from '@argosy/engine'
import { isObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { download, unpack } from './archive.ts'
import type { Driver } from './driver.ts'
import { notListed } from './not-listed.ts'

/** Artifacts fetched by GET: input only. `request` is the global `fetch` unless a test brings its own. */
export function httpDriver(request: typeof fetch = fetch): Driver {
  return {
    async load(artifact, target, signal) {
      const file = `${target}.tmp`
      await download(await get(request, artifact, signal), file, signal)
      await unpack(file, target, artifact.archive)
    },
    async save() {
      throw new StatusError('MethodNotAllowed', 'http output artifacts are not supported yet')
    },
    open(artifact, signal) {
      return get(request, artifact, signal)
    },
    async remove() {
      throw new StatusError('MethodNotAllowed', 'http artifacts cannot be deleted')
    },
    ...notListed('http'),
  }
}

async function get(
  request: typeof fetch,
  artifact: Artifact,
  signal: AbortSignal | undefined,
): Promise<Readable> {
  const { url, headers, auth } = artifact.http ?? {}
  if (typeof url !== 'string' || url === '') {
    throw new StatusError('Invalid', `artifact ${artifact.name}: http.url is missing`)
  }
  if (auth !== undefined) {
    throw new StatusError('Invalid', `artifact ${artifact.name}: http.auth is not supported yet`)
  }
  const answer = await request(url, {
    headers: headersOf(headers),
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    throw new StatusError('ServiceUnavailable', `GET ${url}: ${reasonOf(cause)}`, { cause })
  })
  if (answer.ok && answer.body) return Readable.fromWeb(answer.body as ReadableStream)
  await answer.body?.cancel()
  const reason = answer.status === 404 ? 'NotFound' : 'BadRequest'
  // argo: http.go says it in these words.
  throw new StatusError(
    reason,
    `loading file from ${url} failed with reason: ${answer.status} ${answer.statusText}`,
  )
}

/** undici says only "fetch failed"; what failed is the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

function headersOf(headers: JsonObject[string]): [string, string][] {
  if (!Array.isArray(headers)) return []
  return headers.filter(isObject).map((one) => [String(one.name), String(one.value ?? '')])
}
