import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseYaml } from '@argosy/kube'
import { expect, onTestFinished, test } from 'vitest'
import { buildPlugin } from './build-plugin.ts'

const plugin = `kind: ExecutorPlugin
metadata:
  name: hello
  labels: {team: a}
  annotations: {workflows.argoproj.io/description: says hello}
spec:
  sidecar:
    container:
      name: main
      image: python:3
      command: [python, -c]
      ports: [{containerPort: 4355}]
      resources: {requests: {cpu: 1m}, limits: {cpu: 1m}}
      securityContext: {runAsUser: 8737}
`

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'argosy-plugin-'))
  onTestFinished(() => rm(made, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(made, name), text)
  return made
}

test('a plugin becomes a ConfigMap that the controller finds, with its server in it', async () => {
  const made = await folder({ 'plugin.yaml': plugin, 'server.py': 'print("hello")\n' })
  const [path = '', readme = ''] = await buildPlugin(made)
  expect(path).toBe(join(made, 'hello-executor-plugin-configmap.yaml'))
  const read = parseYaml(await readFile(path, 'utf8'))
  const map = ('value' in read ? read.value : {}) as { data: Record<string, string> }
  expect(map).toMatchObject({
    kind: 'ConfigMap',
    metadata: {
      name: 'hello-executor-plugin',
      labels: { 'workflows.argoproj.io/configmap-type': 'ExecutorPlugin', team: 'a' },
    },
    data: { 'sidecar.automountServiceAccountToken': 'false' },
  })
  const container = parseYaml(map.data['sidecar.container'] ?? '')
  expect(container).toMatchObject({ value: { image: 'python:3', args: ['print("hello")\n'] } })
  expect(await readFile(readme, 'utf8')).toContain('says hello')
  expect(await buildPlugin(made)).toEqual([path, readme])
})

test.each([
  [{ 'plugin.yaml': plugin.replace('ExecutorPlugin', 'Pod') }, 'kind: expected ExecutorPlugin'],
  [{ 'plugin.yaml': plugin.replace('  name: hello\n', '') }, 'metadata.name is missing'],
  [{ 'plugin.yaml': plugin.replace(/ {6}ports.*\n/, '') }, 'at least one port is mandatory'],
  [{ 'plugin.yaml': plugin.replace(', limits: {cpu: 1m}', '') }, 'resource limits are mandatory'],
  [{ 'plugin.yaml': plugin.replace(/ {6}securityContext.*\n/, '') }, 'security context'],
  [{ 'plugin.yaml': plugin, 'server.py': '', 'server.js': '' }, 'server.js,server.py'],
  [{ 'plugin.yaml': '[]' }, 'expected an object'],
  [
    { 'plugin.yaml': plugin.replace('hello', '../../hello') },
    'metadata.name: ../../hello is no name',
  ],
  [{ 'plugin.yaml': plugin, 'README.md': 'by hand' }, 'README.md is not of this command'],
  [{}, 'plugin.yaml: no such file'],
])('of %j is said what is wrong', async (files, words) => {
  await expect(buildPlugin(await folder(files))).rejects.toThrow(words)
})
