import type { IncomingMessage } from 'node:http'
import type { Artifact, JsonObject } from '@argosy/engine'
import { isObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { download, unpack } from './archive.ts'
import type { Driver } from './driver.ts'
import { basicHeader, httpAuth, type Identified, type Reach } from './http-auth.ts'
import { notListed } from './not-listed.ts'
import { secretText } from './secrets.ts'
import { isGood, type Sending, send } from './send.ts'
import { neededText, objectOf } from './settings.ts'
import { sourceContent } from './source-content.ts'

/** Artifacts at a URL: read by GET, written by PUT. */
export function httpDriver(reach: Reach): Driver {
  const { lookup } = reach
  return urlDriver('http', async ({ http }, signal) => {
    const place = objectOf(http)
    const { headers = [], ...rest } = await httpAuth(objectOf(place['auth']), reach, signal)
    const target = { ...rest, headers: [...own(place), ...headers], ...(lookup && { lookup }) }
    return { url: neededText(place, 'url', 'http'), ...target }
  })
}

/** JFrog's Artifactory: the same with a name and a password. */
export function artifactoryDriver({ secrets, lookup }: Reach): Driver {
  return urlDriver('artifactory', async ({ artifactory }) => {
    const place = objectOf(artifactory)
    const read = (field: string) => secretText(secrets, place[field], `artifactory.${field}`)
    const [username, password] = [await read('usernameSecret'), await read('passwordSecret')]
    const headers = username === undefined ? [] : [basicHeader(username, password ?? '')]
    const url = neededText(place, 'url', 'artifactory')
    return { url, headers, ...(lookup && { lookup }) }
  })
}

type Target = Identified & Pick<Sending, 'url' | 'lookup'>
type Locate = (artifact: Artifact, signal: AbortSignal | undefined) => Promise<Target>

function urlDriver(kind: 'http' | 'artifactory', locate: Locate): Driver {
  const get = async (artifact: Artifact, signal: AbortSignal | undefined) => {
    const target = await locate(artifact, signal)
    return good(await send({ method: 'GET', ...target, signal }), `loading file from ${target.url}`)
  }
  return {
    async load(artifact, target, signal) {
      await download(await get(artifact, signal), `${target}.tmp`, signal)
      await unpack(`${target}.tmp`, target, artifact.archive)
    },
    async save(source, artifact, signal) {
      const content = await sourceContent(source, artifact)
      if (!content) {
        const words = `artifact ${artifact.name}: a directory cannot be sent to one URL without an archive`
        throw new StatusError('Invalid', words)
      }
      const target = await locate(artifact, signal)
      const answer = await send({ method: 'PUT', ...target, content, signal })
      ;(await good(answer, `saving file ${source.path} to ${target.url}`)).resume()
    },
    open: get,
    async remove() {
      throw new StatusError('MethodNotAllowed', `${kind} artifacts cannot be deleted`)
    },
    ...notListed(kind),
  }
}

async function good(answer: IncomingMessage, what: string): Promise<IncomingMessage> {
  if (isGood(answer)) return answer
  answer.destroy()
  const { statusCode, statusMessage } = answer
  const reason = statusCode === 404 ? 'NotFound' : 'BadRequest'
  // argo: http.go says it in these words.
  throw new StatusError(reason, `${what} failed with reason: ${statusCode} ${statusMessage}`)
}

function own({ headers }: JsonObject): readonly (readonly [string, string])[] {
  if (!Array.isArray(headers)) return []
  return headers.filter(isObject).map((one) => [String(one['name']), String(one['value'] ?? '')])
}
