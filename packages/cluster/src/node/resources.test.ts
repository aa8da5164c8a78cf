import { podRequests } from '@argosy/kube/placement'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Admission } from './admission.ts'
import { BackOff } from './back-off.ts'
import { aPod } from './fixture.ts'
import { limitsOf, qosClass } from './resources.ts'

const container = (resources: object) => ({ name: 'main', image: 'x', resources })

test('requests are summed, an init container counts if it is bigger, a limit is a request', () => {
  const pod = aPod('p', {
    containers: [container({ requests: { cpu: '100m' } }), container({ limits: { cpu: '200m' } })],
    initContainers: [container({ requests: { cpu: '1', memory: '1Ki' } })],
  })
  expect(podRequests(pod)).toEqual({ cpu: 1000, memory: 1024_000 })
})

test('the three classes of service', () => {
  const qos = (resources: object) => qosClass(aPod('p', { containers: [container(resources)] }))
  expect(qos({})).toBe('BestEffort')
  expect(qos({ requests: { cpu: 1 } })).toBe('Burstable')
  expect(qos({ limits: { cpu: 1, memory: '1Gi' } })).toBe('Guaranteed')
  expect(qos({ limits: { cpu: 1 } })).toBe('Burstable')
})

test('back-off doubles up to five minutes, and is forgiven after ten', () => {
  const backOff = new BackOff()
  const waits = Array.from({ length: 8 }, () => backOff.after(0) / 1000)
  expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300])
  expect(backOff.after(600_000)).toBe(0)
})

/** A machine of 4 processors, 5 pods and 2 starts at once, and what is where. */
class Yard {
  readonly inside = new Map<string, number>()
  readonly waiting = new Map<string, number>()
  readonly starting = new Set<string>()
  readonly admission = new Admission({
    capacity: { cpu: 4 },
    pods: 5,
    starts: 2,
    start: (uid) => {
      this.inside.set(uid, this.waiting.get(uid) ?? 0)
      this.waiting.delete(uid)
      this.starting.add(uid)
    },
    unschedulable: () => undefined,
  })

  offer(uid: string, cpu: number): void {
    this.waiting.set(uid, cpu)
    this.admission.offer(uid, cpu === 0 ? {} : { cpu })
    this.admission.pump()
  }

  release(uid: string): void {
    for (const place of [this.inside, this.waiting, this.starting]) place.delete(uid)
    this.admission.release(uid)
  }

  launched(uid: string): void {
    this.starting.delete(uid)
    this.admission.launched(uid)
  }

  check(): void {
    const used = [...this.inside.values()].reduce((sum, cpu) => sum + cpu, 0)
    expect(used).toBeLessThanOrEqual(4)
    expect(this.inside.size).toBeLessThanOrEqual(5)
    expect(this.starting.size).toBeLessThanOrEqual(2)
    if (this.inside.size === 5 || this.starting.size === 2) return
    for (const cpu of this.waiting.values()) expect(used + cpu).toBeGreaterThan(4)
  }
}

test('whatever comes and goes, no more is in than fits, and what fits is not kept waiting', () => {
  const step = fc.record({
    act: fc.constantFrom('offer', 'release', 'launched'),
    cpu: fc.integer({ min: 0, max: 5 }),
    which: fc.nat(30),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const yard = new Yard()
      for (const [index, { act, cpu, which }] of steps.entries()) {
        if (act === 'offer') yard.offer(`pod-${index}`, cpu)
        if (act === 'release') yard.release(`pod-${which}`)
        if (act === 'launched') yard.launched(`pod-${which}`)
        yard.check()
      }
    }),
  )
})

test('pods that ask for the same start in the order of their arrival', () => {
  const started: string[] = []
  const admission = new Admission({
    capacity: { cpu: 1 },
    pods: 10,
    starts: 10,
    start: (uid) => started.push(uid),
    unschedulable: () => undefined,
  })
  for (const uid of ['a', 'b', 'c']) admission.offer(uid, { cpu: 1 })
  for (const uid of ['a', 'b', 'c']) {
    admission.pump()
    admission.release(uid)
  }
  expect(started).toEqual(['a', 'b', 'c'])
})

test('a budget of the whole pod counts instead of its containers, and holds each of them', () => {
  const main = { name: 'main', image: 'i', resources: { requests: { cpu: '3' } } }
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: {
      containers: [main],
      resources: { requests: { cpu: '500m' }, limits: { cpu: '1', memory: '1Mi' } },
    },
  }
  expect(podRequests(pod)).toEqual({ cpu: 500, memory: 1024 * 1024 * 1000 })
  expect(limitsOf(main, pod)).toEqual({ cpuMillis: 1000, memoryBytes: 1024 * 1024 })
})
