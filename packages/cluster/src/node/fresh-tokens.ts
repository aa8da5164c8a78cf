import { chmod, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject, type Json, type JsonObject, type Pod } from '@argosy/engine'
import { type Clock, StatusError } from '@argosy/kube'
import type { ApiDoor } from './api-door.ts'
import { type FileToWrite, tokenFile } from './projected.ts'
import { Refusal } from './refusal.ts'
import type { Volumes } from './volumes.ts'

interface Surroundings {
  readonly api: ApiDoor
  readonly clock: Clock
  /** An earlier node wrote the files, nobody knows when. */
  readonly isTakenOver: boolean
  readonly signal: AbortSignal
  readonly onError: (error: unknown) => void
}

const retryMs = 60_000

/** Writes the tokens of a pod's volumes anew when four fifths of their time have passed, as the kubelet does. */
export function keepTokensFresh(pod: Pod, volumes: Volumes, around: Surroundings): void {
  for (const { name, projected } of pod.spec.volumes ?? []) {
    const dir = volumes.get(name)
    if (dir === undefined) continue
    for (const token of tokensIn(projected?.sources)) {
      keepFresh(pod, { dir, token }, around).catch(around.onError)
    }
  }
}

function tokensIn(sources: Json | undefined): readonly JsonObject[] {
  if (!Array.isArray(sources)) return []
  return sources
    .filter(isObject)
    .map((source: JsonObject) => source['serviceAccountToken'])
    .filter(isObject)
}

interface Place {
  readonly dir: string
  readonly token: JsonObject
}

async function keepFresh(pod: Pod, { dir, token }: Place, around: Surroundings): Promise<void> {
  const { api, clock, signal, isTakenOver } = around
  const seconds = Number(token['expirationSeconds'] ?? 3600)
  let waitMs = isTakenOver ? 0 : seconds * 800
  while (await waited(clock, waitMs, signal)) {
    try {
      await replaceFile(dir, await tokenFile(pod, token, { api, mode: 0o644 }))
      waitMs = seconds * 800
    } catch (error) {
      // The account may come back; without it the old token is worth nothing anyway.
      if (!(error instanceof Refusal || error instanceof StatusError)) throw error
      waitMs = retryMs
    }
  }
}

async function waited(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  await clock.until(clock.now() + ms, signal).catch(() => undefined)
  return !signal.aborted
}

/** Whole or not at all: the program may be reading. */
async function replaceFile(dir: string, { path, content, mode }: FileToWrite): Promise<void> {
  const target = join(dir, path)
  await rm(`${target}.new`, { force: true })
  // Never through a link that somebody has put there.
  await writeFile(`${target}.new`, content, { flag: 'wx' })
  await chmod(`${target}.new`, mode)
  await rename(`${target}.new`, target)
}
