import { expect, test } from 'vitest'
import { ArgoRequestMeter } from './request-meter.ts'

const served = { method: 'GET', route: '/api/v1/workflows/{namespace}', url: '', code: 200, ms: 30 }

function counts(meter: ArgoRequestMeter): readonly string[] {
  return meter
    .text()
    .split('\n')
    .filter((line) => line.startsWith('grpc_server_handled_total'))
}

test('requests are counted by what they mean and how they ended', () => {
  const meter = new ArgoRequestMeter()
  for (const code of [200, 200, 403]) meter.observe({ ...served, code })
  meter.observe({ ...served, route: '/api/v1/stream/events/{namespace}', code: 200 })
  const of = (code: string) =>
    `grpc_server_handled_total{grpc_code="${code}",grpc_method="ListWorkflows",grpc_service="WorkflowService",grpc_type="unary"}`
  expect(counts(meter)).toEqual(
    expect.arrayContaining([`${of('OK')} 2`, `${of('PermissionDenied')} 1`]),
  )
  expect(meter.text()).toContain('grpc_type="server_stream"} 0.03\n')
})

test('what is refused at the door is one number, and pages are none', () => {
  const meter = new ArgoRequestMeter()
  for (let at = 0; at < 9; at++) meter.observe({ ...served, route: '', url: `/${at}`, code: 429 })
  meter.observe({ ...served, route: '/{rest...}' })
  expect(counts(meter)).toEqual([
    'grpc_server_handled_total{grpc_code="ResourceExhausted",grpc_method="",grpc_service="",grpc_type="unary"} 9',
  ])
})
