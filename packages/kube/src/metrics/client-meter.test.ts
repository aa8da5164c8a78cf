import { expect, test } from 'vitest'
import { ClientMeter } from './client-meter.ts'

const argo = '/apis/argoproj.io/v1alpha1'

test.each([
  ['GET', '/api/v1/namespaces/a/pods/b', 'kind="pods",status_code="200",verb="Get"'],
  ['GET', '/api/v1/pods?limit=1', 'kind="pods",status_code="200",verb="List"'],
  ['GET', `${argo}/workflows?watch=1&x=y`, 'kind="workflows",status_code="200",verb="Watch"'],
  ['GET', '/api/v1/namespaces/a', 'kind="namespaces",status_code="200",verb="Get"'],
  ['POST', `${argo}/namespaces/a/workflows`, 'kind="workflows",status_code="200",verb="Create"'],
  ['DELETE', '/api/v1/namespaces/a/pods', 'verb="DeleteCollection"'],
  [
    'PATCH',
    `${argo}/namespaces/a/workflows/b/status`,
    'kind="workflows",status_code="200",verb="Patch"',
  ],
  ['GET', '/version', 'kind="",status_code="200",verb="List"'],
])('%s %s is counted as %s', (method, path, labels) => {
  const meter = new ClientMeter()
  for (const ms of [100, 300]) meter.heard({ method, path, code: 200, ms })
  const lines = meter.text().split('\n')
  expect(lines.find((line) => line.startsWith('argo_workflows_k8s_request_total'))).toMatch(
    new RegExp(`${labels}\\} 2$`),
  )
  expect(lines).toContainEqual(expect.stringMatching(/duration_sum\{.*\} 0\.4$/))
})
