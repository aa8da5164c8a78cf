import type { Workflow } from '@argosy/engine'
import { describe, expect, test } from 'vitest'
import {
  archiveQuestion,
  formatRunQuery,
  inOrder,
  parseRunQuery,
  prepareSearch,
  searchProblem,
  searchRuns,
} from './run-query.ts'

const run = (name: string, status: Workflow['status'], labels = {}) =>
  ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name, namespace: 'argo', labels, creationTimestamp: status?.startedAt ?? '' },
    spec: {},
    status,
  }) as Workflow

const runs = [
  run(
    'etl-1',
    { phase: 'Succeeded', startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T01:00:00Z' },
    { team: 'data' },
  ),
  run(
    'etl-2',
    {
      phase: 'Failed',
      startedAt: '2026-01-02T00:00:00Z',
      finishedAt: '2026-01-02T00:01:00Z',
      message: 'No space left',
    },
    { team: 'data' },
  ),
  run('web', { phase: 'Running', startedAt: '2026-01-03T00:00:00Z' }, { team: 'web' }),
  run('new', {}),
]
const names = (search: string) => {
  const query = parseRunQuery(search)
  const now = Date.parse('2026-01-03T12:00:00Z')
  const { shown } = searchRuns(inOrder(runs, query.sort), query, now)
  return shown.map(({ metadata }) => metadata.name)
}

describe('the address', () => {
  test.each([
    '',
    '?q=a+b',
    '?phase=Failed&phase=Error',
    '?q=etl&phase=Failed&label=team%3Ddata&sort=longest',
  ])('%s is read and written as the same', (search) => {
    expect(formatRunQuery(parseRunQuery(search))).toBe(search)
  })

  test('with words that mean nothing shows everything', () => {
    expect(parseRunQuery('?phase=Nonsense&sort=odd')).toEqual(parseRunQuery(''))
  })
})

describe('what is shown', () => {
  test.each([
    ['', ['web', 'etl-2', 'etl-1', 'new']],
    ['?q=etl', ['etl-2', 'etl-1']],
    ['?q=SPACE+etl', ['etl-2']],
    ['?q=team%3Dweb', ['web']],
    ['?q=status+%3D+failed', ['etl-2']],
    ['?q=started+>+-1d', ['web']],
    ['?q=name+~', []],
    ['?label=team%3Ddata&phase=Failed', ['etl-2']],
    ['?label=team', ['web', 'etl-2', 'etl-1']],
    ['?phase=Pending', ['new']],
    ['?sort=name', ['etl-1', 'etl-2', 'new', 'web']],
    ['?sort=longest', ['web', 'etl-1', 'etl-2', 'new']],
  ])('for %s', (search, wanted) => {
    expect(names(search)).toEqual(wanted)
  })
})

test('counts are of what each phase would show, whichever is chosen now', () => {
  expect(searchRuns(runs, parseRunQuery('?label=team%3Ddata&phase=Failed'), 0).counts).toEqual({
    Succeeded: 1,
    Failed: 1,
  })
})

test('half a search says what is missing, a whole one nothing', () => {
  expect(searchProblem(parseRunQuery('?q=name+~'), 0)).toMatch(/./)
  expect(searchProblem(parseRunQuery('?q=name+~+etl'), 0)).toBeUndefined()
  expect(searchProblem(parseRunQuery(''), 0)).toBeUndefined()
})

describe('the question for the archive', () => {
  const asked = (search: string) => archiveQuestion(parseRunQuery(search))

  test('joins text and phases so that neither loosens the other', () => {
    expect(asked('?q=a+or+b&phase=Failed&phase=Error').query).toBe(
      '(a or b) status in (Failed, Error)',
    )
    expect(asked('?q=a+or+b').query).toBe('a or b')
    expect(asked('?phase=Failed').query).toBe('status in (Failed)')
    expect(asked('').query).toBe('')
  })

  test('is one that the search understands', () => {
    const { query } = asked('?q=label.team+%3D+data+or+name+~+etl&phase=Failed')
    expect(searchProblem({ ...parseRunQuery(''), text: query }, 0)).toBeUndefined()
  })

  test('has labels as a selector', () => {
    expect(asked('?label=team%3Ddata&label=tier')['listOptions.labelSelector']).toBe(
      'team=data,tier',
    )
  })
})

test('the first search is prepared some runs at a time, and finds the same', () => {
  const over = Array.from({ length: 5 }, (_, at) =>
    run(`over-${at}`, { phase: 'Succeeded', finishedAt: '2026-01-01T00:00:00Z' }),
  )
  const left = over.values()
  expect([prepareSearch(left, 3, 0), prepareSearch(left, 3, 0)]).toEqual([true, false])
  expect(searchRuns(over, parseRunQuery('?q=over-3'), 0).shown).toEqual([over[3]])
})
