import type { IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import type { ContainerSpec } from '../../runtime.ts'
import type { Ends, Word } from './ends.ts'
import type { Engine } from './engine.ts'

export interface Listening {
  /** Resolves to undefined when whoever waits is sent away before the end, as by an engine that goes. */
  readonly word: Promise<Word | undefined>
  /** There will be no end. */
  stop(): void
}

/**
 * Listens for the end of a container that has not been started. Whoever looks or asks later is told when all of the
 * container has been put away, which takes longer than most ends; with Docker 20.10 those who wait from the start as well,
 * but events come before that. Later engines put it away first, and then tell everybody.
 */
export async function listenForEnd(engine: Engine, ends: Ends, name: string): Promise<Listening> {
  const over = new AbortController()
  const heard = new Promise<Word>((resolve) => ends.listen(name, resolve))
  const query = { condition: 'next-exit' }
  const call = { method: 'POST', path: `/containers/${name}/wait`, query } as const
  const answer = await engine.stream({ ...call, signal: over.signal })
  const word = Promise.race([heard, wordIn(answer)]).finally(() => ends.forget(name))
  return { word, stop: () => over.abort() }
}

interface Waited {
  readonly StatusCode?: number
  readonly Error?: { readonly Message?: string } | null
}

async function wordIn(answer: IncomingMessage): Promise<Word | undefined> {
  const said = (await json(answer).catch(() => undefined)) as Waited | undefined
  const { StatusCode: code = -1, Error: problem } = said ?? {}
  return problem || code < 0 ? undefined : { code, at: Date.now() }
}

const killed = 137

/** Whether there is nothing more to know: else only a look at the container says whether it had too little memory. */
export function saysAll({ code, outOfMemory }: Word, { limits }: ContainerSpec): boolean {
  if (outOfMemory !== undefined) return true
  return code !== killed && limits?.memoryBytes === undefined
}
