import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { registry } from '../kinds.ts'
import { RequestMeter } from './request-meter.ts'
import { targetOf } from './target.ts'

const kinds = registry()

/** Begins a request; what is given back ends it. */
function asked(meter: RequestMeter, method: string, url: string): (code: number) => void {
  const [path = '', search = ''] = url.split('?')
  const response = Object.assign(new EventEmitter(), { statusCode: 200 })
  const query = new URLSearchParams(search)
  const request = { method, target: targetOf(path), query, registry: kinds }
  meter.began(request, response as unknown as ServerResponse)
  return (statusCode) => {
    response.statusCode = statusCode
    response.emit('close')
  }
}

function counts(meter: RequestMeter): readonly string[] {
  return meter
    .text()
    .split('\n')
    .filter((line) => line.startsWith('apiserver_request_total'))
}

const pods = '/api/v1/namespaces/default/pods'

test.each([
  ['GET', `${pods}/a`, 'resource="pods",scope="resource",subresource="",verb="GET",version="v1"'],
  ['GET', pods, 'resource="pods",scope="namespace",subresource="",verb="LIST",version="v1"'],
  ['GET', '/api/v1/pods?watch=1', 'resource="pods",scope="cluster",subresource="",verb="WATCH"'],
  ['DELETE', pods, 'verb="DELETECOLLECTION"'],
  ['PUT', `${pods}/a/status`, 'subresource="status",verb="PUT"'],
  [
    'PATCH',
    '/apis/argoproj.io/v1alpha1/namespaces/a/workflows/b',
    'group="argoproj.io",resource="workflows"',
  ],
  ['GET', '/healthz', 'group="",resource="",scope="",subresource="",verb="GET",version=""'],
])('%s %s is counted as %s', (method, url, labels) => {
  const meter = new RequestMeter()
  asked(meter, method, url)(201)
  const [line = '', ...more] = counts(meter)
  expect([line, more]).toEqual([expect.stringContaining(labels), []])
  expect(line).toMatch(/,?code="201",.*\} 1$/)
})

test('what is not there makes no names, however often it is asked for', () => {
  const meter = new RequestMeter()
  for (let at = 0; at < 100; at++) {
    asked(meter, 'GET', `/apis/g${at}/v1/things${at}/x`)(404)
    asked(meter, 'GET', `${pods}/a/part${at}`)(404)
    asked(meter, `M${at}`, '/api/v9/pods/a')(405)
  }
  expect(counts(meter)).toHaveLength(3)
})

test('open watches are told of, and their length is no time of an answer', () => {
  const meter = new RequestMeter()
  const ends = [1, 2].map(() => asked(meter, 'GET', `${pods}?watch=true`))
  const open = () => /apiserver_longrunning_requests\{.*\} (\d)/.exec(meter.text())?.[1]
  expect(open()).toBe('2')
  ends[0]?.(200)
  expect(open()).toBe('1')
  expect(meter.text()).not.toContain('apiserver_request_duration_seconds')
  asked(meter, 'GET', pods)(200)
  expect(meter.text()).toMatch(/apiserver_request_duration_seconds_count\{.*verb="LIST".*\} 1\n/)
})
