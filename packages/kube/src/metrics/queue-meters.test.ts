import { expect, test } from 'vitest'
import { handClock } from '../hand-clock.ts'
import { Queue } from '../queue.ts'
import { QueueMeters } from './queue-meters.ts'

test('a queue tells how many wait, how long they did, and how long they took', async () => {
  const clock = handClock()
  const meters = new QueueMeters()
  const queue = new Queue({ clock, meter: meters.of('q') })
  const told = (name: string) =>
    new RegExp(`argo_workflows_${name}\\{\\w+="q"\\} ([\\d.]+)`).exec(meters.text())?.[1]
  for (const key of ['a', 'a', 'b']) queue.add(key)
  expect([told('queue_adds_count'), told('queue_depth_gauge')]).toEqual(['2', '2'])
  clock.advance(2000)
  expect(await queue.take()).toBe('a')
  expect([told('queue_depth_gauge'), told('workers_busy_count')]).toEqual(['1', '1'])
  expect(told('queue_latency_sum')).toBe('2')
  clock.advance(500)
  queue.retry('a')
  queue.done('a')
  expect([told('queue_retries'), told('workers_busy_count')]).toEqual(['1', '0'])
  expect(told('queue_duration_sum')).toBe('0.5')
  queue.close()
  expect(told('queue_depth_gauge')).toBe('0')
})
