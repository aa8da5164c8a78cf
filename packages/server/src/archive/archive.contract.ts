import { formatTime, type JsonObject, type Workflow } from '@argosy/engine'
import { expect, test } from 'vitest'
import { listOptionsIn } from '../workflows/list-options.ts'
import type { Archive, Wanted } from './archive.ts'
import { sameAsInMemory } from './archive-laws.contract.ts'
import { instanceArchive } from './instance-archive.ts'

/** What every archive does. `open` gives one that is empty, which is closed afterwards. */
export function archiveContract(open: () => Promise<Archive>): void {
  test('keeps what is put, whole, and tells of it in lists', async () => {
    await using archive = await open()
    const whole = run('a', 1, { spec: { odd: { deep: ['\u0000', '😀'] } } })
    await archive.put([whole])
    expect(await archive.get({ uid: 'uid-a' })).toEqual(whole)
    expect(await archive.get({ namespace: 'default', name: 'a' })).toEqual(whole)
    expect(await archive.get({ uid: 'uid-b' })).toBeUndefined()
    expect(await archive.get({ namespace: 'argo', name: 'a' })).toBeUndefined()
    const [only] = await archive.list(wanted())
    expect(only?.workflow).toMatchObject({
      metadata: { uid: 'uid-a' },
      status: { phase: 'Failed' },
    })
    expect(only?.workflow.status).not.toHaveProperty('nodes')
  })

  test('a uid is kept once, and a name gives the newest of its runs', async () => {
    await using archive = await open()
    await archive.put([run('a', 1), run('a', 1, { status: { phase: 'Succeeded' } })])
    await archive.put([run('a', 9, { metadata: { uid: 'other', name: 'a' } })])
    await archive.put([run('a', 5, { status: { phase: 'Error' } })])
    expect(await names(archive)).toEqual(['a', 'a'])
    expect((await archive.get({ uid: 'uid-a' }))?.status?.phase).toBe('Error')
    expect((await archive.get({ namespace: 'default', name: 'a' }))?.metadata.uid).toBe('other')
    expect(await names(archive, 'query=status:succeeded')).toEqual([])
  })

  test('the newest come first, page by page, whatever comes meanwhile', async () => {
    await using archive = await open()
    await archive.put([3, 1, 2, 5, 4].map((day) => run(`w${day}`, day)))
    const first = await archive.list(wanted('listOptions.limit=2'))
    expect(first.map(nameOf)).toEqual(['w5', 'w4'])
    await archive.put([run('w6', 6)])
    await archive.remove('uid-w5')
    const next = `listOptions.limit=2&listOptions.continue=${first.at(-1)?.key}`
    expect(await names(archive, next)).toEqual(['w3', 'w2'])
    expect(await names(archive, 'listOptions.limit=2&listOptions.continue=3')).toEqual(['w2', 'w1'])
    expect(await archive.count(wanted(next))).toBe(3)
    expect(await archive.count(wanted())).toBe(5)
  })

  test('many of one second have a place each', async () => {
    await using archive = await open()
    await archive.put(Array.from({ length: 30 }, (_, at) => run(`w${at}`, 1)))
    const seen: string[] = []
    for (let next = '0'; next !== ''; ) {
      const page = await archive.list(wanted(`listOptions.limit=7&listOptions.continue=${next}`))
      seen.push(...page.map(nameOf))
      next = page.length === 0 ? '' : String(page.at(-1)?.key)
    }
    expect(seen).toHaveLength(30)
    expect(new Set(seen).size).toBe(30)
  })

  test.each([
    ['', ['c', 'b', 'a']],
    ['nameFilter=Contains&listOptions.fieldSelector=metadata.name=a', ['a']],
    ['nameFilter=Prefix&listOptions.fieldSelector=metadata.name=b', ['b']],
    ['namePrefix=c', ['c']],
    ['namePrefix=%25', []],
    ['listOptions.fieldSelector=metadata.namespace!=default', []],
    ['listOptions.labelSelector=team', ['b', 'a']],
    ['listOptions.labelSelector=team%3Dx', ['a']],
    ['listOptions.labelSelector=team!%3Dx', ['c', 'b']],
    ['listOptions.labelSelector=team in (x,y),n>3', ['b']],
    ['listOptions.labelSelector=!team', ['c']],
    ['createdAfter=2026-01-02T00:00:00Z', ['c', 'b']],
    ['finishedBefore=2026-01-02T00:00:00Z', ['b', 'a']],
    ['query=label.team%3Dx or name%3Dc', ['c', 'a']],
    ['query="\' OR 1=1 --"', []],
    ['query=boom-b', ['b']],
    ['query=BOOM', ['c', 'b', 'a']],
    ['query=bo', ['c', 'b', 'a']],
    ['query=message:"boom-c"', ['c']],
    ['query=name%3D*b*', ['b']],
    ['query=param.color~RED', ['c', 'b', 'a']],
    ['query=param%3DRed&listOptions.limit=1', ['c']],
    ['query=started>%3D2026-01-02 started<2026-01-03', ['b']],
    ['query=not label.team', ['c']],
    ['query=label.n>2', ['b']],
    ['query=duration%3D0s', ['c', 'b', 'a']],
  ])('of %s it has %j', async (query, expected) => {
    await using archive = await open()
    await archive.put([
      run('a', 1, { metadata: { labels: { team: 'x', n: '2' } } }),
      run('b', 2, { metadata: { labels: { team: 'y', n: '7' } } }),
      run('c', 3),
    ])
    expect(await names(archive, query)).toEqual(expected)
    if (!query.includes('limit')) expect(await archive.count(wanted(query))).toBe(expected.length)
  })

  test('knows whose object is gone', async () => {
    await using archive = await open()
    await archive.put([run('a', 1), run('b', 2)])
    await archive.markDeleted(['uid-a', 'nobody'])
    expect(await archive.notDeleted()).toEqual(['uid-b'])
    const gone = await archive.list({ ...wanted(), deletedOnly: true })
    expect(gone.map(nameOf)).toEqual(['a'])
    await archive.put([run('a', 1)])
    expect(await archive.notDeleted()).toEqual(['uid-b'])
  })

  test('phases are counted, whatever was put again, removed or forgotten', async () => {
    await using archive = await open()
    expect(await archive.phases(wanted())).toEqual({})
    await archive.put([run('a', 1), run('b', 2), run('c', 3, { metadata: { namespace: 'argo' } })])
    await archive.put([run('b', 2, { status: { phase: 'Succeeded' } }), run('d', 4), run('e', 5)])
    expect(await archive.phases(wanted())).toEqual({ Failed: 4, Succeeded: 1 })
    await archive.remove('uid-e')
    await archive.markDeleted(['uid-a'])
    const inDefault = { ...wanted(), namespace: 'default' }
    expect(await archive.phases(inDefault)).toEqual({ Failed: 2, Succeeded: 1 })
    expect(await archive.count(inDefault)).toBe(3)
    expect(await archive.count({ ...wanted('query=status:failed'), namespace: 'argo' })).toBe(1)
    await archive.forget(Date.UTC(2026, 0, 3))
    expect(await archive.phases(wanted())).toEqual({ Failed: 2 })
  })

  test('the phases of a search are counted where it finds few', async () => {
    await using archive = await open()
    const labels = { team: 'x' }
    await archive.put([
      run('a', 1, { metadata: { labels } }),
      run('b', 2, { metadata: { labels }, status: { phase: 'Succeeded' } }),
      run('c', 3),
      run('d', 4, { metadata: { labels, namespace: 'argo' } }),
    ])
    const ofTeam = wanted('query=label.team:x')
    expect(await archive.phases(ofTeam)).toEqual({ Failed: 2, Succeeded: 1 })
    const inDefault = { ...ofTeam, namespace: 'default' }
    expect(await archive.phases(inDefault)).toEqual({ Failed: 1, Succeeded: 1 })
    expect(await archive.phases(wanted('query=label.team:y'))).toEqual({})
    await archive.remove('uid-b')
    expect(await archive.phases(inDefault)).toEqual({ Failed: 1 })
  })

  test('of one controller are only the runs that name it, of the one without an id those that name none', async () => {
    await using archive = await open()
    const labels = { 'workflows.argoproj.io/controller-instanceid': 'blue' }
    await archive.put([run('a', 1), run('b', 2, { metadata: { labels } })])
    const [blue, none] = [instanceArchive(archive, 'blue'), instanceArchive(archive, '')]
    expect([await names(blue), await names(none)]).toEqual([['b'], ['a']])
    expect(await blue.phases(wanted())).toEqual({ Failed: 1 })
    expect([await blue.count(wanted()), await archive.count(wanted())]).toEqual([1, 2])
    expect(await blue.notDeleted()).toEqual(['uid-b'])
    expect(await blue.get({ uid: 'uid-a' })).toBeUndefined()
    expect((await none.get({ uid: 'uid-a' }))?.metadata.name).toBe('a')
  })

  test('labels are known by namespace, each once', async () => {
    await using archive = await open()
    await archive.put([
      run('a', 1, { metadata: { labels: { team: 'x' } } }),
      run('b', 2, { metadata: { labels: { team: 'x', Size: 'l' } } }),
      run('c', 3, { metadata: { namespace: 'argo', labels: { team: 'y' } } }),
    ])
    expect(await archive.labelKeys('')).toEqual(['Size', 'team'])
    expect(await archive.labelKeys('argo')).toEqual(['team'])
    expect(await archive.labelValues('team', '')).toEqual(['x', 'y'])
    expect(await archive.labelValues('team', 'default')).toEqual(['x'])
    expect(await archive.labelValues('none', '')).toEqual([])
  })

  test('what is removed or forgotten is found by nothing any more', async () => {
    await using archive = await open()
    await archive.put(
      [1, 2, 3].map((day) => run(`w${day}`, day, { metadata: { labels: { l: 'v' } } })),
    )
    await archive.remove('uid-w3')
    expect(await archive.forget(Date.UTC(2026, 0, 2))).toBe(1)
    for (const query of ['', 'query=boom', 'query=label.l%3Dv', 'query=param.color%3DRed']) {
      expect(await names(archive, query)).toEqual(['w2'])
    }
    expect(await archive.get({ uid: 'uid-w3' })).toBeUndefined()
    await archive.remove('nobody')
  })

  test('finds what is found among the runs themselves', async () => {
    await using archive = await open()
    await sameAsInMemory(archive)
  })
}

function run(name: string, day: number, more: Partial<Record<string, JsonObject>> = {}): Workflow {
  const at = formatTime(Date.UTC(2026, 0, day))
  const { metadata, spec, status } = more
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      creationTimestamp: at,
      ...metadata,
    },
    spec: { arguments: { parameters: [{ name: 'color', value: 'Red' }] }, ...spec },
    status: {
      ...{ phase: 'Failed', startedAt: at, finishedAt: at, message: `Boom-${name}` },
      nodes: {},
      ...status,
    },
  } as Workflow
}

function wanted(query = ''): Wanted {
  const options = listOptionsIn(new URLSearchParams(query), { namespace: '', now: 0 })
  return { ...options, deletedOnly: false }
}

const nameOf = ({ workflow }: { readonly workflow: Workflow }) => workflow.metadata.name ?? ''

async function names(archive: Archive, query = ''): Promise<readonly string[]> {
  return (await archive.list(wanted(query))).map(nameOf)
}
