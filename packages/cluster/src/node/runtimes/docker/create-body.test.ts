import { expect, test } from 'vitest'
import type { ContainerSpec, ImageSpec } from '../../runtime.ts'
import { createBody } from './create-body.ts'
import { plainImage } from './plain-image.fixture.ts'

function body(more: Partial<ContainerSpec> = {}, image: Partial<ImageSpec> = {}) {
  const spec: ContainerSpec = {
    dir: '/d/containers/u.main.0',
    argv: ['echo', 'hi'],
    env: { A: '1' },
    workingDir: '',
    root: { kind: 'image', name: 'busybox:1', argv: 'entrypoint' },
    mounts: [{ source: '/src', target: '/dst', readOnly: true }],
    stdout: '/log',
    stderr: '/log',
    hostname: 'pod',
    ...more,
    image: { ...plainImage, ...image },
  }
  return createBody(spec, 'bridge')
}

test('a command takes the place of entrypoint and arguments, arguments only of the arguments', () => {
  expect(body()).toMatchObject({ Entrypoint: ['echo', 'hi'], Cmd: [] })
  const args = body({ root: { kind: 'image', name: 'x', argv: 'command' } })
  expect([args['Entrypoint'], args['Cmd']]).toEqual([undefined, ['echo', 'hi']])
  const none = body({ argv: [], root: { kind: 'image', name: 'x', argv: 'command' } })
  expect(['Entrypoint', 'Cmd', 'WorkingDir', 'User'].filter((name) => name in none)).toEqual([])
})

test('files, variables and the directory that it belongs to', () => {
  expect(body({ workingDir: '/w' })).toMatchObject({
    Image: 'busybox:1',
    Env: ['A=1'],
    WorkingDir: '/w',
    Hostname: 'pod',
    Labels: { 'dev.argosy.dir': '/d/containers/u.main.0' },
    HostConfig: { Mounts: [{ Type: 'bind', Source: '/src', Target: '/dst', ReadOnly: true }] },
  })
})

test('limits: no swap, and never less processor than an engine can measure', () => {
  const limits = { memoryBytes: 64e6, cpuMillis: 1, pids: 5 }
  expect(body({ limits }).HostConfig).toMatchObject({
    ...{ Memory: 64e6, MemorySwap: 64e6, CpuPeriod: 100_000, CpuQuota: 1_000, PidsLimit: 5 },
  })
  expect(body({ limits: { cpuMillis: 1500 } }).HostConfig['CpuQuota']).toBe(150_000)
})

test('networks: its own, one that it shares, and the machine’s', () => {
  const hosts = ['db:10.0.0.1']
  const own = body({}, { network: { kind: 'own', hosts } })
  expect(own.HostConfig).toMatchObject({ NetworkMode: 'bridge', ExtraHosts: hosts })
  const shared = body({}, { network: { kind: 'shared', id: 'abc' } })
  expect([shared.HostConfig['NetworkMode'], shared['Hostname']]).toEqual([
    'container:abc',
    undefined,
  ])
  const host = body({}, { network: { kind: 'host' } })
  expect([host.HostConfig['NetworkMode'], host['Hostname']]).toEqual(['host', undefined])
})

test('rights are given and taken by name', () => {
  const image = {
    ...{ user: '1000:1000', groups: ['2000'], readOnlyRoot: true, privileged: true },
    ...{ mayGainPrivileges: false, addCapabilities: ['NET_ADMIN'], dropCapabilities: ['ALL'] },
    ...{ unconfined: ['seccomp'], sharesProcesses: true, sharesIpc: true, isProcess1: true },
  }
  expect(body({}, image)).toMatchObject({
    User: '1000:1000',
    HostConfig: {
      ...{ ReadonlyRootfs: true, Privileged: true, GroupAdd: ['2000'], Init: false },
      ...{ CapAdd: ['NET_ADMIN'], CapDrop: ['ALL'], PidMode: 'host', IpcMode: 'host' },
      SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'],
    },
  })
})
