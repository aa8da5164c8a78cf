import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { describe, expect, test } from 'vitest'
import { testApi } from './api.fixture.ts'
import applies from './recorded-applies.cases.json' with { type: 'json' }

/** A request, and what kube-apiserver 1.34.1 made of it. */
interface Step {
  readonly method: string
  readonly path: string
  readonly type: string
  readonly body: JsonObject
  readonly code: number
  readonly message?: string
  readonly reason?: string
  readonly causes?: readonly JsonObject[]
  readonly object?: JsonObject
  readonly warnings?: readonly string[]
}

interface Case {
  readonly name: string
  readonly definition?: JsonObject
  readonly steps: readonly Step[]
}

const api = testApi()

/** What each server gives an object in its own way. */
const given = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'nodePort']
const volatile = ['uid', 'creationTimestamp', 'resourceVersion', 'time']

/** Without what is empty, which Kubernetes shows here and there; what somebody owns is looked at closely. */
function comparable(value: Json | undefined): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(comparable)
  if (!isObject(value)) return value ?? null
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    if (given.includes(name) || volatile.includes(name)) return []
    const left = readable(name, inner)
    if (name === 'fieldsV1') return [[name, left] as const]
    const isEmpty = typeof left === 'object' && Object.keys(left ?? {}).length === 0
    return isEmpty || left === '' ? [] : [[name, left] as const]
  })
  return Object.fromEntries(kept)
}

function readable(name: string, value: Json | undefined): Json {
  if (name === 'managedFields') return byManager(value)
  return name === 'fieldsV1' ? (value ?? null) : comparable(value)
}

function byManager(entries: Json | undefined): readonly Json[] {
  const all = (entries ?? []) as readonly JsonObject[]
  const words = (entry: Json) => {
    const { manager, operation, subresource = '' } = entry as JsonObject
    return [manager, operation, subresource].join(' ')
  }
  return all
    .map(comparable)
    .toSorted((a, b) => (words(a as JsonObject) < words(b as JsonObject) ? -1 : 1))
}

async function replay({ definition, steps }: Case): Promise<void> {
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  if (definition) await api.ask(definitions, { method: 'POST', body: definition })
  for (const [index, step] of steps.entries()) {
    const { method, path, body, type } = step
    const reply = await api.ask(path, { method, body: JSON.stringify(body), type })
    const { message, reason = '', details } = reply.json
    const where = `step ${index}: ${message ?? ''}`
    expect(reply.code, where).toBe(step.code)
    const warnings = [reply.headers['warning'] ?? []].flat()
    expect(warnings.join(', '), where).toBe((step.warnings ?? []).join(', '))
    if (step.object) expect(comparable(reply.json), where).toEqual(comparable(step.object))
    if (step.message === undefined) continue
    expect({ message, reason }).toEqual({ message: step.message, reason: step.reason })
    const causes = ((details as JsonObject)?.['causes'] ?? []) as readonly JsonObject[]
    expect(causes.toSorted(byField)).toEqual((step.causes ?? []).toSorted(byField))
  }
}

function byField(a: JsonObject, b: JsonObject): number {
  const words = ({ field, message }: JsonObject) => `${field} ${message}`
  return words(a) < words(b) ? -1 : 1
}

/** All cases are of objects called `one`. */
async function clean({ steps }: Case): Promise<void> {
  const type = 'application/merge-patch+json'
  const body = { metadata: { finalizers: null } }
  const places = steps.map(({ path }) =>
    path.replace(/[?].*$/, '').replace(/[/](status|scale)$/, ''),
  )
  for (const place of new Set(places)) {
    const one = place.endsWith('/one') ? place : `${place}/one`
    await api.ask(one, { method: 'PATCH', body, type })
    await api.ask(one, { method: 'DELETE' })
  }
}

describe('as Kubernetes answers those who apply', () => {
  test.each(applies as unknown as readonly Case[])('$name', async (each) => {
    await replay(each)
    await clean(each)
  })
})
