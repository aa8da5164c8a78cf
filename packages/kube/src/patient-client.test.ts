import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Client } from './client.ts'
import { handClock } from './hand-clock.ts'
import { Patience, patientClient } from './patient-client.ts'
import { resources } from './resource.ts'
import { StatusError, type StatusReason } from './status-error.ts'

const ref = { resource: resources.pods, namespace: 'default', name: 'p' }

/** A server that answers so many calls with refusals first. */
function failing(reason: StatusReason, times: number) {
  let calls = 0
  const answer = async () => {
    calls += 1
    if (calls <= times) throw new StatusError(reason, 'no')
    return { name: 'p' }
  }
  const client = { patch: answer, get: answer } as unknown as Client
  return { client, calls: () => calls }
}

test('a call waits while the server is away, longer each time, and both ends of that are told once', async () => {
  const clock = handClock()
  const said: string[] = []
  const { client, calls } = failing('ServiceUnavailable', 3)
  const patience = new Patience({
    ...{ clock, signal: new AbortController().signal },
    onAway: () => said.push('away'),
    onBack: () => said.push('back'),
  })
  const patient = patientClient(client, patience)
  const done = patient.patch(ref, { type: 'merge', body: {} })
  await turn()
  for (const [ms, made] of [
    [50, 2],
    [99, 2],
    [1, 3],
    [200, 4],
  ] as const) {
    clock.advance(ms)
    await turn()
    expect(calls()).toBe(made)
  }
  expect(await done).toEqual({ name: 'p' })
  expect(said).toEqual(['away', 'back'])
})

test('a refusal is passed on at once', async () => {
  const { client, calls } = failing('Conflict', 1)
  const { signal } = new AbortController()
  const patient = patientClient(client, new Patience({ clock: handClock(), signal }))
  await expect(patient.patch(ref, { type: 'merge', body: {} })).rejects.toThrow('no')
  expect(calls()).toBe(1)
})

test('who goes away waits no longer', async () => {
  const life = new AbortController()
  const { client } = failing('ServiceUnavailable', 9)
  const patience = new Patience({ clock: handClock(), signal: life.signal })
  const patient = patientClient(client, patience)
  const done = patient.get(ref)
  life.abort(new Error('over'))
  await expect(done).rejects.toThrow()
})
