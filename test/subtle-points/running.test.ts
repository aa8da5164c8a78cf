import { expect, test } from 'vitest'
import { fnv1a32, nodeId, podName } from '../../packages/engine/src/workflow/names.ts'
import { played } from './played.ts'

// What implementers get wrong, one test for each point: those that show while a workflow runs.

test('1. node ids and pod names hash the name of the node, the root keeps the name of the workflow, prefixes end at 242', () => {
  const { play } = played('main: {steps: [[a]]}')
  const hash = fnv1a32('w[0].a')
  expect(hash).toBe(2078810217)
  expect(play.node('w').id).toBe('w')
  expect(play.node('a').id).toBe(`w-${hash}`)
  expect(play.created).toEqual([`w-pod-${hash}`])
  expect(nodeId('hello', 'agent')).toBe('hello-1340600742')
  expect(played('main: {container: {image: i}}').play.created).toEqual(['w'])
  const long = podName('w'.repeat(63), 'node', 't'.repeat(250))
  expect(long).toBe(`${`${'w'.repeat(63)}-${'t'.repeat(250)}`.slice(0, 242)}-${fnv1a32('node')}`)
})

test('2. there is a result only where the template around it speaks of it', () => {
  const run = played(`
main: {steps: [[a tells, b tells, c tells], ['d echo x={{steps.a.outputs.result}}', "e echo x={{=steps['b'].outputs.result}}"]]}
--
'[0].a': {result: A}
'[0].b': {result: B}
'[0].c': {result: C}`)
  const asked = (name: string) => run.fact(`[0].${name}`, 'result')
  expect([asked('a'), asked('b'), asked('c')]).toEqual(['A', 'B', 'none'])
})

test('3. an expression without a policy retries errors too; backoff needs a limit and comes before the policy; a limit of 2 is 2 more attempts', () => {
  const always = played(`
main: {container: {image: i}, retryStrategy: {limit: 1, expression: 'true'}, outputs: {parameters: [{name: v, valueFrom: {path: /v}}]}}
--
(0): {error: gone}
(1): {out: {v: 1}}`)
  expect([always.line('(0)'), always.end]).toEqual(['Pod Error: gone', 'Succeeded'])

  const unlimited = played(`
main: {container: {image: i}, retryStrategy: {backoff: {duration: 1h}}}
--
(0): 1`)
  expect([unlimited.whole('lasted'), unlimited.end]).toEqual(['2', 'Succeeded'])

  const policy = played(`
main: {container: {image: i}, retryStrategy: {limit: 1, retryPolicy: OnError, backoff: {duration: 1h}}}
--
(0): 1`)
  expect([policy.whole('lasted'), policy.end]).toEqual(['3601', 'Failed: exit 1'])

  const limit = played(`
main: {container: {image: i}, retryStrategy: {limit: 2}}
--
(0): 1
(1): 1
(2): 1`)
  expect([limit.line('(2)'), limit.line('(3)')]).toEqual(['Pod Failed: exit 1', undefined])
})

test('4. retries and lastRetry.exitCode are texts: "0" in the first body, "-1" in the expression of an attempt without a code', () => {
  const body = played(`
main: {container: {image: i, args: ["{{retries}}{{lastRetry.exitCode}}"]}, retryStrategy: {limit: 1}}
--
(0): 7`)
  expect([body.fact('(0)', 'args'), body.fact('(1)', 'args')]).toEqual(['00', '17'])
  const codeless = (code: string) =>
    played(`
main: {container: {image: i}, retryStrategy: {limit: 1, expression: 'lastRetry.exitCode == ${code}'}}
--
events: ['(0) Running: vanish (0)']`)
  expect(codeless('"-1"').end).toBe('Succeeded')
  expect(codeless('-1').end).toBe('Error: retryStrategy.expression evaluated to false')
})

test('5. steps and their groups become Failed also by an Error, a DAG keeps it', () => {
  const steps = played(`
main: {steps: [[a saves]]}
--
'[0].a': {error: gone}`)
  expect(steps.line('[0]')).toBe("StepGroup Failed: child '[0].a' failed")
  expect(steps.line('.')).toBe("Steps Failed: child '[0].a' failed")
  const dag = played(`
main: {dag: [A saves]}
--
.A: {error: gone}`)
  expect([dag.line('.'), dag.end]).toEqual(['DAG Error', 'Error'])
})

test('6. `when` is govaluate, where names are texts, and is read before the rest; depends turns dashes into underscores', () => {
  const run = played(`
main: {steps: [[{name: a, when: heads == heads}, {name: b, template: saves, when: heads == tails}], [{name: c, template: echo, when: 'false', with: {x: '{{steps.b.outputs.parameters.v}}'}}]]}`)
  expect(run.line('[0].a')).toBe('Pod Succeeded')
  expect(run.line('[1].c')).toBe("Skipped Skipped: when 'false' evaluated false")
  const dashed = played('main: {dag: [a-b, {name: c-d, depends: a-b.Succeeded && !a-b.Failed}]}')
  expect(dashed.line('.c-d')).toBe('Pod Succeeded')
})

test('8. a skipped producer counts as not given: the default is taken, ?? works, and anything else is an error for good', () => {
  const using = (x: string, template: string) =>
    played(`
main: {steps: [[{name: a, template: saves, when: 'false'}], ["b ${template} x=${x}"]]}`)
  expect(using('{{steps.a.outputs.parameters.v}}', 'kind').fact('[1].b', 'args')).toBe('own')
  expect(using("{{=steps.a.outputs.parameters.v ?? 'B'}}", 'echo').fact('[1].b', 'args')).toBe('B')
  expect(using('{{steps.a.outputs.parameters.v}}', 'echo').end).toContain('absent optional')
  expect(using('<{{steps.a.outputs.parameters.v}}>', 'kind').end).toContain('absent optional')
  // Steps leave the place of an artifact, DAGs nothing.
  const artifact = (body: string) =>
    played(`
main: ${body}
T:
  makes: {container: {image: i}, outputs: {artifacts: [{name: f, path: /f}]}}
  may: {inputs: {artifacts: [{name: f, path: /f, optional: true}]}, container: {image: i}}`)
  const from = (root: string) =>
    `arguments: {artifacts: [{name: f, from: '{{${root}.a.outputs.artifacts.f}}'}]}`
  const steps = `{steps: [[{name: a, template: makes, when: 'false'}], [{name: b, template: may, ${from('steps')}}]]}`
  expect(artifact(steps).end).toBe('Succeeded')
  const dag = `{dag: [{name: a, template: makes, when: 'false'}, {name: b, template: may, dependencies: [a], ${from('tasks')}}]}`
  expect(artifact(dag).end).not.toBe('Succeeded')
})

test('9. results of a loop must each be JSON; parameters are embedded only when all of them are objects or lists', () => {
  const results = (one: string, two: string) =>
    played(`
main: {steps: [[{name: a, template: tells, withItems: [1, 2]}], ['b echo x={{steps.a.outputs.result}}']]}
--
'[0].a(0:1)': {result: '${one}'}
'[0].a(1:2)': {result: '${two}'}`)
  expect(results('1', '"x"').fact('[1].b', 'in.x')).toBe('[1,"x"]')
  expect(results('1', 'bare word').end).not.toBe('Succeeded')
  const parameters = (one: string, two: string) =>
    played(`
main: {steps: [[{name: a, template: saves, withItems: [1, 2]}], ['b echo x={{steps.a.outputs.parameters.v}}']]}
--
'[0].a(0:1)': {out: {v: '${one}'}}
'[0].a(1:2)': {out: {v: '${two}'}}`).fact('[1].b', 'in.x')
  expect(parameters('{"k":1}', '[2]')).toBe('[{"k":1},[2]]')
  expect(parameters('{"k":1}', '2')).toBe('["{\\"k\\":1}","2"]')
})

test('10. workflow.parameters as a whole is of no use in an expression, its JSON is', () => {
  const shown = (tag: string) =>
    played(`
arguments: {p: v}
main: {container: {image: i, args: ['${tag}']}}`).fact('.', 'args')
  expect(shown('{{workflow.parameters}}')).toBe('[{"name":"p","value":"v"}]')
  expect(shown('{{=workflow.parameters.json}}')).toBe('[{"name":"p","value":"v"}]')
  // The map of parameters has taken the place of the text.
  expect(shown('{{=toJson(workflow.parameters)}}')).not.toBe('[{"name":"p","value":"v"}]')
})

test('11. workflow.failures is JSON in JSON, and "null" with its quotes when nothing failed', () => {
  const told = (code: number) =>
    played(`
onExit: last
main: {container: {image: i}}
T: {last: {container: {image: i, args: ['{{workflow.failures}}']}}}
--
.: ${code}`).fact('.onExit', 'args') ?? ''
  expect(told(0)).toBe('"null"')
  expect(JSON.parse(JSON.parse(told(3)))).toMatchObject([{ displayName: 'w', phase: 'Failed' }])
})

test('15. exit handlers outlive stop and the deadline, not terminate; those of steps run only for what has completed', () => {
  const handled = (text: string) =>
    played(`
onExit: pod
${text}`).line('.onExit')
  const endless = `main: {dag: [A]}
--
.A: {never: true}
`
  expect(handled(`${endless}events: ['.A Running: stop']`)).toBe('Pod Succeeded')
  expect(handled(`activeDeadlineSeconds: 5\n${endless}`)).toBe('Pod Succeeded')
  expect(handled(`${endless}events: ['.A Running: terminate']`)).toBe(undefined)
  const steps = played(`
main: {dag: [{name: A, hooks: {exit: pod}}, {name: B, when: 'false', hooks: {exit: pod}}, {name: C, depends: A.Failed, hooks: {exit: pod}}]}`)
  const handlers = ['.A', '.B', '.C'].map((name) => steps.line(`${name}.onExit`))
  expect(handlers).toEqual(['Pod Succeeded', undefined, undefined])
})

test('17. where a pod may run is taken whole from its template, else from the steps around it, else from the spec', () => {
  const run = played(`
nodeSelector: {from: spec}
tolerations: [{key: spec}]
main: {nodeSelector: {from: main}, steps: [[a own, b plain]]}
T:
  own: {nodeSelector: {only: own}, container: {image: i}}
  plain: {container: {image: i}}`)
  expect(run.fact('[0].a', 'pod.spec.nodeSelector')).toBe('{"only":"own"}')
  expect(run.fact('[0].b', 'pod.spec.nodeSelector')).toBe('{"from":"main"}')
  expect(run.fact('[0].b', 'pod.spec.tolerations.0.key')).toBe('spec')
})

test('19. suspending a workflow, a Suspend node and a shutdown are three things; the message has two spaces, and resume ends Suspend nodes too', () => {
  const suspended = played(`
suspend: true
main: {steps: [[a]]}
--
events: ['idle: resume']`)
  expect(suspended.end).toBe('Succeeded')
  const both = played(`
main: {steps: [[a rest], [b]]}
--
events: ['idle: suspend', 'idle: resume']`)
  expect([both.line('[0].a'), both.line('[1].b')]).toEqual(['Suspend Succeeded', 'Pod Succeeded'])
  const stopped = played(`
main: {container: {image: i}}
--
.: {never: true}
events: ['. Running: stop']`)
  expect(stopped.line('.')).toBe('Pod Failed: workflow shutdown with strategy:  Stop')
  expect(stopped.end).toBe("Failed: Stopped with strategy 'Stop'")
})

test('21. items are shown without parentheses and with sorted keys; a number in quotes is a text', () => {
  const run = played(`
main: {steps: [[{name: a, withItems: ['f(x)', {b: 2, a: 1}, "7"]}]]}`)
  expect(run.line('[0].a(0:fx)')).toBe('Pod Succeeded')
  expect(run.line('[0].a(1:a:1,b:2)')).toBe('Pod Succeeded')
  expect(run.line('[0].a(2:7)')).toBe('Pod Succeeded')
  // A map in quotes is a text: it has no members.
  const member = (item: string) =>
    played(`
main: {steps: [[{name: a, template: echo, withItems: [${item}], with: {x: '{{item.k}}'}}]]}`).end
  expect(member('{k: v}')).toBe('Succeeded')
  expect(member(`'{"k": "v"}'`)).toContain('failed to resolve {{item.k}}')
})

test('24. a timeout must not be a bare number, a suspend may have one; pendingTimeout ends only what waits', () => {
  expect(played('main: {timeout: "10", container: {image: i}}').end).toContain(
    'has invalid duration format in timeout',
  )
  expect(played('main: {suspend: {duration: "10"}}').whole('lasted')).toBe('10')
  const pending = (outcome: string) =>
    played(`
main: {pendingTimeout: 5s, container: {image: i}}
--
.: {${outcome}}`).end
  expect(pending('stuck: true')).toBe('Error: error in entry template execution: timeout')
  expect(pending('exit: 0')).toBe('Succeeded')
})

test('27. a daemon is fulfilled before it is over, Succeeded when it is killed, and Failed when it ends by itself', () => {
  const served = played(`
main: {steps: [[d server], [a]]}
--
'[0].d': {never: true}`)
  expect([served.line('[0].d'), served.line('[1].a')]).toEqual(['Pod Succeeded', 'Pod Succeeded'])
  const dead = played('main: {steps: [[d server], [a]]}')
  expect([dead.line('[0].d'), dead.end]).toEqual(['Pod Failed', "Failed: child '[0].d' failed"])
})

test('30. failFast of a DAG stops only what waits for the failure: what is ready runs on', () => {
  const run = played(`
main: {dag: [A, {name: B, dependencies: [A]}, C, {name: D, dependencies: [C]}]}
--
.A: 1`)
  expect(run.line('.B')).toBe('Skipped Omitted: omitted: depends condition not met')
  expect([run.line('.C'), run.line('.D'), run.end]).toEqual([
    'Pod Succeeded',
    'Pod Succeeded',
    'Failed',
  ])
})
