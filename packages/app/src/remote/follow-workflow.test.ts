import type { Workflow } from '@argosy/engine'
import { type Client, type HandClock, handClock, StatusError } from '@argosy/kube'
import { expect, test } from 'vitest'
import { followWorkflow } from './follow-workflow.ts'
import { Patience } from './patience.ts'

const name = { namespace: 'default', name: 'w' }
const running: Workflow = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  metadata: name,
  spec: {},
  status: { phase: 'Running' },
}
const ended: Workflow = {
  ...running,
  status: { phase: 'Succeeded', finishedAt: '2026-01-01T00:00:00Z' },
}
const away = () => new StatusError('ServiceUnavailable', 'the server cannot be reached')

/** A server whose lists are these, the last of them for ever, and whose watches all break off. */
function server(...lists: readonly (Workflow | 'away')[]): Client {
  let asked = 0
  const list = async () => {
    const one = lists[Math.min(asked++, lists.length - 1)]
    if (one === 'away' || one === undefined) throw away()
    return { items: [one], resourceVersion: String(asked) }
  }
  // biome-ignore lint/correctness/useYield: it breaks off before there is anything.
  async function* watch() {
    throw away()
  }
  return { list, watch } as unknown as Client
}

/** What is heard, and how often it was said that the server is away; the clock is turned whenever somebody waits. */
async function followed(client: Client, clock: HandClock = handClock()) {
  const phases: (string | undefined)[] = []
  let lost = 0
  const turning = setInterval(() => {
    if (clock.waiting > 0) clock.advance(1000)
  })
  try {
    const patience = new Patience({ clock, lost: () => lost++ })
    for await (const { status } of followWorkflow({ client }, name, patience)) {
      phases.push(status?.phase)
    }
    return { phases, lost }
  } catch (error) {
    return { phases, lost, error }
  } finally {
    clearInterval(turning)
  }
}

test('a server that is started anew does not end who waits for a workflow', async () => {
  expect(await followed(server(running, 'away', 'away', 'away', ended))).toEqual({
    phases: ['Running', 'Succeeded'],
    lost: 1,
  })
})

test('a server that never answered, or stays away for a minute, is an error', async () => {
  expect(await followed(server('away'))).toMatchObject({ phases: [], lost: 0, error: away() })
  const clock = handClock()
  const start = clock.now()
  const { phases, error } = await followed(server(running, 'away'), clock)
  expect(phases).toEqual(['Running'])
  expect(String(error)).toContain('cannot be reached: it has been away for a minute')
  expect(clock.now() - start).toBe(60_000)
})

test('what is known already is not asked for again, unless the server has forgotten what came after', async () => {
  const asked: string[] = []
  const events = (...objects: Workflow[]) => objects.map((object) => ({ type: 'MODIFIED', object }))
  const client = (...watched: (Workflow[] | 'forgotten')[]) => ({
    async list() {
      asked.push('list')
      return { items: [ended], resourceVersion: '9' }
    },
    async *watch({ resourceVersion }: { readonly resourceVersion?: string }) {
      asked.push(`watch ${resourceVersion}`)
      const next = watched.shift()
      if (next === 'forgotten' || !next) throw new StatusError('Expired', 'too old')
      yield events(...next)
    },
  })
  const phases = async (one: unknown) => {
    const seen = []
    const from = { ...name, resourceVersion: '7' }
    for await (const { status } of followWorkflow({ client: one as Client }, from)) {
      seen.push(status?.phase)
    }
    return seen
  }
  expect(await phases(client([running, ended]))).toEqual(['Running', 'Succeeded'])
  expect(asked.splice(0)).toEqual(['watch 7'])
  expect(await phases(client('forgotten'))).toEqual(['Succeeded'])
  expect(asked).toEqual(['watch 7', 'list'])
})
