import { describe, expect, it } from 'vitest'
import { aPod, machine } from './fixture.ts'
import { serviceVariables, wantsLinks } from './service-links.ts'

const service = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { clusterIP: '127.250.0.9', ports: [{ port: 80 }], ...spec },
})

describe('the variables of services', () => {
  it('are named as the kubelet names them', () => {
    const ports = [
      { name: 'web-ui', port: 80 },
      { port: 53, protocol: 'UDP' },
    ]
    expect(serviceVariables([service('my-db', { ports })])).toEqual({
      MY_DB_SERVICE_HOST: '127.250.0.9',
      MY_DB_SERVICE_PORT: '80',
      MY_DB_SERVICE_PORT_WEB_UI: '80',
      MY_DB_PORT: 'tcp://127.250.0.9:80',
      MY_DB_PORT_80_TCP: 'tcp://127.250.0.9:80',
      MY_DB_PORT_80_TCP_PROTO: 'tcp',
      MY_DB_PORT_80_TCP_PORT: '80',
      MY_DB_PORT_80_TCP_ADDR: '127.250.0.9',
      MY_DB_PORT_53_UDP: 'udp://127.250.0.9:53',
      MY_DB_PORT_53_UDP_PROTO: 'udp',
      MY_DB_PORT_53_UDP_PORT: '53',
      MY_DB_PORT_53_UDP_ADDR: '127.250.0.9',
    })
  })

  it('headless services and those without an address yet have none', () => {
    const none = [service('a', { clusterIP: 'None' }), service('b', { clusterIP: '' })]
    expect(serviceVariables(none)).toEqual({})
  })

  it('reach the containers of the namespace, unless they want none', async () => {
    await using here = await machine()
    const kinds = {
      group: '',
      version: 'v1',
      kind: 'Service',
      plural: 'services',
      namespaced: true,
    }
    await here.client.create(kinds, service('db', {}) as never)
    await here.start()
    await here.create(aPod('p'))
    const { spec } = await here.container('main')
    expect(spec.links?.variables).toMatchObject({
      DB_SERVICE_HOST: '127.250.0.9',
      DB_SERVICE_PORT: '80',
    })
    const wantsNone = aPod('q', { enableServiceLinks: false } as object)
    expect(wantsLinks(wantsNone)).toBe(false)
  })
})
