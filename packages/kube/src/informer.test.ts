import type { KubeObject } from '@argosy/engine'
import { describe, expect, it } from 'vitest'
import type { Client, List, WatchEvent } from './client.ts'
import { handClock } from './hand-clock.ts'
import { Informer, type InformerChange } from './informer.ts'
import { resources } from './resource.ts'
import { StatusError } from './status-error.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

function thing(
  name: string,
  resourceVersion: string,
  labels: Record<string, string> = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'n', name, resourceVersion, labels },
  }
}

function event(type: WatchEvent<KubeObject>['type'], object: KubeObject): WatchEvent<KubeObject> {
  const { name = '', resourceVersion = '' } = object.metadata
  return { type, namespace: 'n', name, resourceVersion, object }
}

/** Answers each list and each watch with the next line of a script. */
function scripted(script: {
  lists: (List<KubeObject> | Error)[]
  watches: (WatchEvent<KubeObject>[] | Error)[][]
}) {
  const asked: string[] = []
  const client = {
    async list() {
      asked.push('list')
      const next = script.lists.shift()
      if (!next || next instanceof Error) throw next ?? new Error('no more lists')
      return next
    },
    async *watch(query: { resourceVersion?: string }, signal: AbortSignal) {
      asked.push(`watch ${query.resourceVersion}`)
      for (const step of script.watches.shift() ?? []) {
        if (step instanceof Error) throw step
        yield step
      }
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
  } as unknown as Client
  return { client, asked }
}

function start(script: Parameters<typeof scripted>[0]) {
  const { client, asked } = scripted(script)
  const clock = handClock(0)
  const told: string[] = []
  const stop = new AbortController()
  const onBatch = (changes: readonly InformerChange<KubeObject>[]) => {
    told.push(
      changes.map(({ type, key, entry }) => `${type} ${key}@${entry.resourceVersion}`).join(', '),
    )
  }
  const indexes = { color: (object: KubeObject) => [object.metadata.labels?.['color'] ?? 'none'] }
  const query = { resource: resources.configMaps }
  const informer = new Informer<KubeObject>({ client, query, clock, onBatch, indexes })
  const running = informer.run(stop.signal)
  return { informer, asked, clock, told, stop, running }
}

describe('the informer', () => {
  it('lists, then watches from there, and keeps its indexes', async () => {
    const { informer, asked, told, stop, running } = start({
      lists: [{ items: [thing('a', '1', { color: 'red' })], resourceVersion: '5' }],
      watches: [
        [
          [event('ADDED', thing('b', '6')), event('MODIFIED', thing('a', '7', { color: 'blue' }))],
          [event('DELETED', thing('b', '8'))],
        ],
      ],
    })
    await informer.listed
    await settle()
    expect(asked).toEqual(['list', 'watch 5'])
    expect(told).toEqual(['ADDED n/a@1', 'ADDED n/b@6, MODIFIED n/a@7', 'DELETED n/b@8'])
    expect(informer.by('color', 'red')).toEqual([])
    expect(informer.by('color', 'blue').map(({ metadata }) => metadata.name)).toEqual(['a'])
    expect(informer.get('n/b')).toBeUndefined()
    stop.abort()
    await running
  })

  it('lists again after an expired version and reports only the difference', async () => {
    const { asked, told, stop, running } = start({
      lists: [
        { items: [thing('a', '1'), thing('b', '2'), thing('c', '3')], resourceVersion: '5' },
        { items: [thing('b', '2'), thing('c', '8'), thing('d', '9')], resourceVersion: '9' },
      ],
      watches: [[new StatusError('Expired', 'too old')], []],
    })
    await settle()
    expect(asked).toEqual(['list', 'watch 5', 'list', 'watch 9'])
    expect(told[1]).toBe('DELETED n/a@1, MODIFIED n/c@8, ADDED n/d@9')
    stop.abort()
    await running
  })

  it('backs off when the server fails, and goes on where it was', async () => {
    const { asked, clock, stop, running } = start({
      lists: [new Error('down'), new Error('still down'), { items: [], resourceVersion: '5' }],
      watches: [[[event('ADDED', thing('a', '6'))], new Error('lost')], []],
    })
    await settle()
    expect(asked).toEqual(['list'])
    clock.advance(100)
    await settle()
    expect(asked).toEqual(['list', 'list'])
    clock.advance(199)
    await settle()
    expect(asked).toHaveLength(2)
    clock.advance(1)
    await settle()
    expect(asked).toEqual(['list', 'list', 'list', 'watch 5'])
    clock.advance(100)
    await settle()
    expect(asked.at(-1)).toBe('watch 6')
    stop.abort()
    await running
  })
})
