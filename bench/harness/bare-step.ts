import type { Engine } from '../../packages/cluster/src/node/runtimes/docker/engine.ts'

/** One container by the four calls that it takes, one after the other. */
export async function bareStep(engine: Engine, image: string): Promise<void> {
  const body = { Image: image, Cmd: ['/bin/true'] }
  const made = await engine.json<{ Id: string }>({
    ...{ method: 'POST', path: '/containers/create', body },
  })
  const path = `/containers/${made?.Id}`
  await engine.json({ method: 'POST', path: `${path}/start` })
  const ended = await engine.json<{ StatusCode: number }>({ method: 'POST', path: `${path}/wait` })
  if (ended?.StatusCode !== 0) throw new Error(`it ended with ${ended?.StatusCode}`)
  await engine.json({ method: 'DELETE', path })
}
