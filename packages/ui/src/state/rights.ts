import { useEffect } from 'react'
import { getJson, segments } from '../http/api.ts'
import { type Observable, observable, useValue } from './observable.ts'

/** What the server says that the reader may do in a namespace. */
interface Rights {
  readonly namespace: string
  readonly user: string
  readonly verbs: Readonly<Record<string, readonly string[]>>
}

/** A verb on a kind, in Kubernetes' words. */
export type Need = readonly [verb: string, kind: string]

type Known = Readonly<Record<string, Rights>>

const known: Observable<Known> = observable<Known>({})
const askedAt = new Map<string, number>()

/** Rights are given and taken while pages are open. */
const freshMs = 60_000

/** After a refusal, or when somebody else is here, all is asked again. */
export function forgetRights(): void {
  askedAt.clear()
}

/** A namespace, or one object in it. */
interface Place {
  readonly namespace: string
  readonly name?: string
}

const keyOf = ({ namespace, name = '' }: Place) => `${namespace}/${name}`

/** Asks once for each place; a server that does not know the question leaves it open. */
async function ask({ namespace, name }: Place): Promise<void> {
  const key = keyOf({ namespace, ...(name && { name }) })
  const now = Date.now()
  if (now - (askedAt.get(key) ?? Number.NEGATIVE_INFINITY) < freshMs) return
  askedAt.set(key, now)
  const path = `rights/${segments(namespace)}`
  const found = await getJson<Rights>(path, { name }).catch(() => undefined)
  if (found?.verbs) known.update((all) => ({ ...all, [key]: found }))
}

/** Why the reader may not do this there; nothing when he may, or as long as it is not known. */
export type WhyNot = (needs: readonly Need[], place: Place) => string | undefined

/** Answers for these places, which are asked for. */
export function useRights(places: readonly Place[]): WhyNot {
  const rights = useValue(known)
  const key = [...new Set(places.map(keyOf))].join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names the places
  useEffect(() => {
    for (const place of places) void ask(place)
  }, [key])
  return (needs, place) => whyNot(rights[keyOf(place)], needs)
}

/** The first right that is missing, in words. */
export function whyNot(rights: Rights | undefined, needs: readonly Need[]): string | undefined {
  if (!rights) return undefined
  const missing = needs.find(([verb, kind]) => !rights.verbs[kind]?.includes(verb))
  if (!missing) return undefined
  const [verb, kind] = missing
  const where = rights.namespace === '' ? 'in all namespaces' : `in ${rights.namespace}`
  return `You are ${rights.user}, who may not ${verb} ${kind} ${where}`
}
