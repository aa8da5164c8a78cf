import { expect, test } from 'vitest'
import type { Template, Workflow } from '../spec/workflow.ts'
import { Play, type PlayOptions } from './testing/play.ts'

function begun(template: Omit<Template, 'name'>, options: PlayOptions = {}): Play {
  const workflow: Workflow = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'w' },
    spec: { entrypoint: 'main', templates: [{ name: 'main', ...template }] },
  }
  return new Play(workflow, options)
}

test('what waits is due by its own millisecond, not by the whole second that is written', () => {
  const play = begun({ suspend: { duration: '5' } })
  play.now += 700
  expect(play.pass().wakeAt).toBe(play.now + 5_000)
})

test('after a restart only the written second is known', () => {
  const play = begun({ suspend: { duration: '5' } }, { crash: (passes) => passes === 1 })
  play.now += 700
  play.pass()
  expect(play.pass().wakeAt).toBe(play.now - 700 + 5_000)
})

test('an attempt waits from the millisecond in which the one before it was seen to end', () => {
  const play = begun(
    {
      container: { image: 'busybox' },
      retryStrategy: { limit: 2, backoff: { duration: '10' } },
    },
    { outcome: () => ({ exitCode: 1 }) },
  )
  play.now += 300
  play.pass()
  let wakeAt: number | undefined
  for (let moves = 0; wakeAt === undefined && moves < 5; moves++) {
    play.step()
    wakeAt = play.pass().wakeAt
  }
  expect(wakeAt).toBe(play.now + 10_000)
  expect(play.created).toHaveLength(1)
})
