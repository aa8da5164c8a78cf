import { resources } from '@argosy/kube'
import { startCronJobController, startJobController } from '@argosy/operators/built-in'
import { afterEach, describe, expect, it } from 'vitest'
import { dyingAfter, isTrue, template, type World, world } from './controllers.fixture.ts'

let here: World
afterEach(() => here[Symbol.asyncDispose]())

const never = template({}, { restartPolicy: 'Never' })

describe('Jobs', () => {
  it('run their pods to the end, count them and go in time', async () => {
    here = await world([startJobController])
    await here.create(resources.jobs, 'j', {
      completions: 3,
      parallelism: 2,
      ttlSecondsAfterFinished: 60,
      template: never,
    })
    await here.until(async () => isTrue(await here.get(resources.jobs, 'j'), 'Complete'))
    const { status } = (await here.get(resources.jobs, 'j')) ?? {}
    expect(status).toMatchObject({ succeeded: 3, ready: 0, terminating: 0 })
    const pods = await here.pods()
    expect(pods).toHaveLength(3)
    expect(pods.flatMap(({ metadata }) => metadata.finalizers ?? [])).toEqual([])
    here.machine.clock.advance(61_000)
    await here.until(async () => (await here.get(resources.jobs, 'j')) === undefined)
    await here.until(async () => (await here.pods()).length === 0)
    expect(here.log).toEqual([])
  })

  it('fail when their pods fail too often', async () => {
    here = await world([startJobController], () => 3)
    await here.create(resources.jobs, 'j', { completions: 1, backoffLimit: 1, template: never })
    await here.until(async () => isTrue(await here.get(resources.jobs, 'j'), 'Failed'))
    const { status } = (await here.get(resources.jobs, 'j')) ?? {}
    expect(status).toMatchObject({ failed: 2 })
    expect(await here.pods()).toHaveLength(2)
  })

  it('are suspended and resumed', async () => {
    here = await world([startJobController], () => undefined)
    await here.create(resources.jobs, 'j', { completions: 1, template: never })
    await here.until(async () => (await here.pods())[0]?.status?.phase === 'Running')
    await here.edit(resources.jobs, 'j', { spec: { suspend: true } })
    await here.until(async () => (await here.pods()).length === 0)
    expect(isTrue(await here.get(resources.jobs, 'j'), 'Suspended')).toBe(true)
    await here.edit(resources.jobs, 'j', { spec: { suspend: false } })
    await here.until(async () => (await here.pods())[0]?.status?.phase === 'Running')
    const { status } = (await here.get(resources.jobs, 'j')) ?? {}
    expect(status?.['failed']).toBeUndefined()
  })

  it('that are gone hold no pods back', async () => {
    here = await world([startJobController], () => undefined)
    await here.create(resources.jobs, 'j', { completions: 1, template: never })
    await here.until(async () => (await here.pods())[0]?.status?.phase === 'Running')
    await here.client.remove({ resource: resources.jobs, namespace: 'default', name: 'j' })
    await here.until(async () => (await here.pods()).length === 0)
  })

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'killed before effect %i, the next one makes no pod twice and counts each once',
    async (effects) => {
      here = await world([])
      const { client, machine } = here
      const dead = new AbortController()
      const doomed = startJobController({
        client: dyingAfter(effects, client, dead.signal),
        clock: machine.clock,
      })
      await here.create(resources.jobs, 'j', { completions: 2, template: never })
      for (let turn = 0; turn < 200; turn++) {
        await new Promise(setImmediate)
        if (machine.clock.waiting > 0) machine.clock.advance(10)
      }
      void doomed
      // Two at once would count twice: leader election sees to that, not the controller.
      dead.abort()
      const next = startJobController({ client, clock: machine.clock })
      await here.until(async () => isTrue(await here.get(resources.jobs, 'j'), 'Complete'))
      const { status } = (await here.get(resources.jobs, 'j')) ?? {}
      expect(status).toMatchObject({ succeeded: 2 })
      expect(await here.pods()).toHaveLength(2)
      await next[Symbol.asyncDispose]()
    },
  )

  it('of CronJobs start when they are due', async () => {
    here = await world([startJobController, startCronJobController])
    await here.create(resources.cronJobs, 'c', {
      schedule: '* * * * *',
      jobTemplate: { spec: { completions: 1, template: never } },
    })
    here.machine.clock.advance(60_000)
    await here.until(async () => {
      const cron = await here.get(resources.cronJobs, 'c')
      return cron?.status?.['lastSuccessfulTime'] !== undefined
    })
    const names = (await here.all(resources.jobs)).map(({ metadata }) => metadata.name)
    // The clock may have gone on to the next minute meanwhile.
    for (const name of names) expect(name).toMatch(/^c-\d{8}$/)
    expect(new Set(names).size).toBe(names.length)
  })
})
