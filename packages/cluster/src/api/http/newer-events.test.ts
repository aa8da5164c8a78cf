import { describe, expect, it } from 'vitest'
import { inDefault, testApi } from './api.fixture.ts'

const api = testApi()

const core = `${inDefault}/events`
const newer = '/apis/events.k8s.io/v1/namespaces/default/events'
const about = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'p' }

describe('events are the same in both of their groups', () => {
  it('one that is written in the newer form is read in both', async () => {
    const body = {
      metadata: { name: 'p.1' },
      ...{
        eventTime: '2026-01-02T03:04:05.000006Z',
        type: 'Normal',
        reason: 'Tried',
        note: 'once',
      },
      ...{ action: 'Trying', reportingController: 'c', reportingInstance: 'c-1', regarding: about },
    }
    const made = await api.ask(newer, { method: 'POST', body })
    expect([made.code, made.json]).toMatchObject([
      201,
      { apiVersion: 'events.k8s.io/v1', kind: 'Event', note: 'once', regarding: about },
    ])
    const { json } = await api.ask(`${core}/p.1`)
    expect(json).toMatchObject({
      ...{ apiVersion: 'v1', message: 'once', involvedObject: about, reportingComponent: 'c' },
      eventTime: '2026-01-02T03:04:05.000006Z',
    })
    expect(json).not.toHaveProperty('note')
  })

  it('one of the core group is listed, selected, watched and patched in the newer form', async () => {
    const body = {
      metadata: { name: 'p.2' },
      ...{ involvedObject: about, reason: 'Old', message: 'says', count: 2, type: 'Warning' },
    }
    await api.ask(core, { method: 'POST', body })
    const list = await api.ask(`${newer}?fieldSelector=regarding.name%3Dp,reason%3DOld`)
    expect(list.json).toMatchObject({
      kind: 'EventList',
      apiVersion: 'events.k8s.io/v1',
      items: [{ note: 'says', deprecatedCount: 2, regarding: { name: 'p' } }],
    })
    await api.watching(`${newer}?watch=1&fieldSelector=reason%3DOld`, async (next) => {
      expect(await next()).toMatchObject({ type: 'ADDED', object: { note: 'says' } })
      const patch = {
        series: { count: 3, lastObservedTime: '2026-01-02T03:04:05.000006Z' },
        note: 'more',
      }
      const type = 'application/strategic-merge-patch+json'
      await api.ask(`${newer}/p.2`, { method: 'PATCH', type, body: patch })
      expect(await next()).toMatchObject({
        type: 'MODIFIED',
        object: { apiVersion: 'events.k8s.io/v1', note: 'more', series: { count: 3 } },
      })
    })
    expect((await api.ask(`${core}/p.2`)).json).toMatchObject({ message: 'more' })
  })

  it('both are told of in discovery', async () => {
    const { json } = await api.ask('/apis/events.k8s.io/v1')
    expect(json['resources']).toMatchObject([{ name: 'events', kind: 'Event', namespaced: true }])
    const first = (await api.ask('/api/v1')).json['resources'] as { name: string }[]
    expect(first.filter(({ name }) => name === 'events')).toHaveLength(1)
  })
})
