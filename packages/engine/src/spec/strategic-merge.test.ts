import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from './json.ts'
import { strategicMerge } from './strategic-merge.ts'
import { podSpecMergeRules } from './strategic-merge-pod.table.ts'

interface Case {
  readonly name: string
  readonly original: JsonObject
  readonly patch: JsonObject
  readonly want: JsonObject | string
}

const main = { name: 'main', image: 'a', args: ['x'] }
const side = { name: 'side', image: 's' }

/** What `kubectl patch --type strategic` makes of a pod. */
const cases: readonly Case[] = [
  {
    name: 'a container is found by its name, its members are merged',
    original: { containers: [side, main] },
    patch: { containers: [{ name: 'main', resources: { limits: { cpu: '1' } } }] },
    want: { containers: [side, { ...main, resources: { limits: { cpu: '1' } } }] },
  },
  {
    name: 'a container that is not there stands first',
    original: { containers: [main] },
    patch: { containers: [side] },
    want: { containers: [side, main] },
  },
  {
    name: 'plain lists are replaced',
    original: { containers: [main] },
    patch: { containers: [{ name: 'main', args: ['y', 'z'] }] },
    want: { containers: [{ ...main, args: ['y', 'z'] }] },
  },
  {
    name: 'tolerations are replaced as a whole',
    original: { tolerations: [{ key: 'a' }, { key: 'b' }] },
    patch: { tolerations: [{ key: 'c' }] },
    want: { tolerations: [{ key: 'c' }] },
  },
  {
    name: 'variables merge by name, mounts by path, ports by number',
    original: {
      containers: [
        {
          name: 'main',
          env: [{ name: 'A', value: '1' }],
          volumeMounts: [{ name: 'v', mountPath: '/a' }],
          ports: [{ containerPort: 1, name: 'one' }],
        },
      ],
    },
    patch: {
      containers: [
        {
          name: 'main',
          env: [{ name: 'A', value: '2' }],
          volumeMounts: [{ name: 'w', mountPath: '/a' }],
          ports: [{ containerPort: 2 }],
        },
      ],
    },
    want: {
      containers: [
        {
          name: 'main',
          env: [{ name: 'A', value: '2' }],
          volumeMounts: [{ name: 'w', mountPath: '/a' }],
          ports: [{ containerPort: 2 }, { containerPort: 1, name: 'one' }],
        },
      ],
    },
  },
  {
    name: 'a null deletes a member and is nothing where there is none',
    original: { hostname: 'h', containers: [main] },
    patch: { hostname: null, subdomain: null, containers: [{ name: 'main', args: null }] },
    want: { containers: [{ name: 'main', image: 'a' }] },
  },
  {
    name: 'nulls within what is new are dropped',
    original: {},
    patch: { securityContext: { runAsUser: 1, runAsGroup: null } },
    want: { securityContext: { runAsUser: 1 } },
  },
  {
    name: '$patch: delete takes an item out of a list',
    original: { containers: [main, side] },
    patch: { containers: [{ name: 'side', $patch: 'delete' }] },
    want: { containers: [main] },
  },
  {
    name: '$patch: replace in a list replaces the list',
    original: { volumes: [{ name: 'a' }, { name: 'b' }] },
    patch: { volumes: [{ $patch: 'replace' }, { name: 'c', emptyDir: {} }] },
    want: { volumes: [{ name: 'c', emptyDir: {} }] },
  },
  {
    name: '$patch: replace in an object replaces the object',
    original: { securityContext: { runAsUser: 1, fsGroup: 2 } },
    patch: { securityContext: { $patch: 'replace', runAsUser: 3 } },
    want: { securityContext: { runAsUser: 3 } },
  },
  {
    name: '$patch: delete in an object empties it',
    original: { securityContext: { runAsUser: 1 } },
    patch: { securityContext: { $patch: 'delete' } },
    want: { securityContext: {} },
  },
  {
    name: '$retainKeys leaves only the members that it names',
    original: { volumes: [{ name: 'v', emptyDir: {} }] },
    patch: { volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/' } }] },
    want: { volumes: [{ name: 'v', hostPath: { path: '/' } }] },
  },
  {
    name: '$retainKeys must name what is set',
    original: { volumes: [{ name: 'v' }] },
    patch: { volumes: [{ name: 'v', $retainKeys: ['name'], emptyDir: { medium: 'm' } }] },
    want: 'invalid patch format of retainKeys',
  },
  {
    name: '$setElementOrder orders a list, with what is patched in it',
    original: { containers: [main, side] },
    patch: {
      '$setElementOrder/containers': [{ name: 'side' }, { name: 'main' }],
      containers: [{ name: 'main', image: 'b' }],
    },
    want: { containers: [side, { ...main, image: 'b' }] },
  },
  {
    name: 'what an order does not name keeps its place',
    original: { containers: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] },
    patch: { '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }] },
    want: { containers: [{ name: 'b' }, { name: 'c' }, { name: 'a' }] },
  },
  {
    name: 'values are taken out of a plain list',
    original: { finalizers: ['a', 'b', 'c'] },
    patch: { '$deleteFromPrimitiveList/finalizers': ['b'] },
    want: { finalizers: ['a', 'c'] },
  },
  {
    name: 'values merge, each once',
    original: { finalizers: ['a', 'b'] },
    patch: { finalizers: ['c', 'a'] },
    want: { finalizers: ['c', 'a', 'b'] },
  },
  {
    name: 'an object where a list was replaces it',
    original: { containers: [main] },
    patch: { containers: { a: 1 } },
    want: { containers: { a: 1 } },
  },
  {
    name: 'two items of one name are one',
    original: { containers: [main] },
    patch: {
      containers: [
        { name: 'main', image: 'b' },
        { name: 'main', tty: true },
      ],
    },
    want: { containers: [{ ...main, image: 'b', tty: true }] },
  },
  {
    name: 'an item without its name is refused',
    original: { containers: [main] },
    patch: { containers: [{ image: 'b' }] },
    want: 'map: map[image:b] does not contain declared merge key: name',
  },
  {
    name: 'an unknown directive is refused',
    original: { securityContext: {} },
    patch: { securityContext: { $patch: 'remove' } },
    want: 'unknown patch type: remove in map: map[$patch:remove]',
  },
  {
    name: 'an unknown directive in a list is refused',
    original: { containers: [main] },
    patch: { containers: [{ name: 'main', $patch: 'drop' }] },
    want: 'unknown patch type: drop in map: map[$patch:drop name:main]',
  },
]

const rules = { ...podSpecMergeRules, finalizers: { values: true } } as const

describe('a strategic merge', () => {
  test.each(cases)('$name', ({ original, patch, want }) => {
    const merged = strategicMerge(original, patch, rules)
    expect('value' in merged ? merged.value : merged.problem).toEqual(want)
  })

  test('a problem says where it is', () => {
    const containers = [{ name: 'a', ports: [{ containerPort: 1 }] }]
    const patch = { containers: [{ name: 'a', ports: [{ protocol: 'UDP' }] }] }
    expect(strategicMerge({ containers }, patch, rules)).toEqual({
      problem: 'map: map[protocol:UDP] does not contain declared merge key: containerPort',
      path: 'containers[name=a].ports',
      code: 422,
    })
  })

  test('fields that nobody knows merge as plain JSON and survive', () => {
    const original = { future: { list: [1, 2], inner: { a: 1 } } }
    const patch = { future: { list: [3], inner: { b: 2 } } }
    const value = { future: { list: [3], inner: { a: 1, b: 2 } } }
    expect(strategicMerge(original, patch, rules)).toEqual({ value })
  })

  test('members called as those of every object are members like others', () => {
    const original = JSON.parse('{"constructor":{"a":1},"__proto__":{"a":1}}')
    const patch = JSON.parse('{"constructor":{"b":2},"__proto__":{"b":2}}')
    const merged = strategicMerge(original, patch, rules)
    const want = '{"value":{"constructor":{"a":1,"b":2},"__proto__":{"a":1,"b":2}}}'
    expect(JSON.stringify(merged)).toBe(want)
  })

  const value = fc.oneof(fc.integer(), fc.string(), fc.array(fc.integer()))
  const named = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    image: value,
    env: fc.constant([]),
  })
  const pods = fc.record({
    containers: fc.uniqueArray(named, { selector: ({ name }) => name }),
    hostname: value,
  })

  test('twice is as good as once, and nothing but the named is touched', () => {
    fc.assert(
      fc.property(pods, pods, (original, patch) => {
        const once = strategicMerge(original, patch, rules)
        if (!('value' in once)) throw new Error(once.problem)
        expect(strategicMerge(once.value, patch, rules)).toEqual(once)
        expect(strategicMerge(original, {}, rules)).toEqual({ value: original })
        const names = new Set([...original.containers, ...patch.containers].map(({ name }) => name))
        expect(once.value['containers']).toHaveLength(names.size)
      }),
    )
  })
})
