import { expect, test } from 'vitest'
import { isOlder } from './engine.ts'
import { engineSocket } from './engine-socket.ts'

const home = { HOME: '/home/me', XDG_RUNTIME_DIR: '/run/user/1' }

test.each([
  [{ ...home, DOCKER_HOST: 'unix:///x/y.sock' }, [], '/x/y.sock'],
  [home, [], '/var/run/docker.sock'],
  [home, ['/var/run/docker.sock', '/run/user/1/docker.sock'], '/var/run/docker.sock'],
  [home, ['/home/me/.colima/default/docker.sock'], '/home/me/.colima/default/docker.sock'],
  [home, ['/run/user/1/podman/podman.sock'], '/run/user/1/podman/podman.sock'],
])('the engine is looked for where it usually is: %j %j', (env, there, want) => {
  expect(engineSocket(env, (path) => there.includes(path as never))).toBe(want)
})

test('an engine elsewhere is refused by the name of the variable', () => {
  expect(() => engineSocket({ DOCKER_HOST: 'tcp://10.0.0.1:2375' })).toThrow(
    /DOCKER_HOST is tcp:.*unix:/,
  )
})

test('versions are compared as numbers', () => {
  expect([isOlder('1.9', '1.41'), isOlder('1.41', '1.41'), isOlder('1.51', '1.41')]).toEqual([
    ...[true, false, false],
  ])
})
