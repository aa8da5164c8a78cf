/** A manifest that `argosy run` does not understand, and what it must say of it. */
export interface Broken {
  readonly what: string
  readonly text: string
  /** On standard error: where, and what was expected. */
  readonly says: readonly string[]
}

const head = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { generateName: broken- }
`
const leaf = '  - { name: leaf, container: { image: busybox, command: [ls] } }'
const one = (lines: string) => `${head}${lines}\n`

/** Mistakes as people make them; each is told with its line and column before anything runs. */
export const broken: readonly Broken[] = [
  {
    what: 'a text that is not YAML',
    text: 'kind: Workflow\n  spec: [\n',
    says: [
      ':1:7: Nested mappings are not allowed in compact mappings',
      'expected: a line break and more indentation before a nested mapping',
    ],
  },
  {
    what: 'values of the wrong type',
    text: one(`spec:
  entrypoint: leaf
  parallelism: many
  templates:
  - { name: leaf, container: { image: busybox, command: [true] } }`),
    says: [
      ':6:3: expected an integer, got a string\n6 |   parallelism: many\n  |   ^',
      ':8:58: expected a string, got a boolean (true); put it in quotes',
    ],
  },
  {
    what: 'an unknown field with a near name',
    text: one(`spec:
  entrypoint: leaf
  templates:
  - name: leaf
    container: { image: busybox, comand: [ls] }`),
    says: [':8:34: unknown field "comand"; did you mean "command"?'],
  },
  {
    what: 'a template that is not there',
    text: one(`spec:
  entrypoint: main
  templates:
  - name: main
    steps: [[{ name: a, template: laef }]]
${leaf}`),
    says: [
      ':8:25: templates.main.steps[0].a template name \'laef\' undefined; did you mean "leaf"?',
    ],
  },
  {
    what: 'a template of a WorkflowTemplate that is not there',
    text: one('spec: { workflowTemplateRef: { name: nowhere } }'),
    says: ['nowhere'],
  },
  {
    what: 'a circle',
    text: one(`spec:
  entrypoint: main
  templates:
  - name: main
    dag:
      tasks:
      - { name: a, template: leaf, depends: b }
      - { name: b, template: leaf, depends: a }
${leaf}`),
    says: [':10:36: templates.main sorting failed: graph with cycle (a->b->a)'],
  },
  {
    what: 'an argument that is missing',
    text: one(`spec:
  entrypoint: main
  templates:
  - name: main
    steps: [[{ name: a, template: leaf }]]
  - name: leaf
    inputs: { parameters: [{ name: x }] }
    container: { image: busybox, command: [ls] }`),
    says: [':8:14: templates.main.steps[0].a templates.leaf inputs.parameters.x was not supplied'],
  },
  {
    what: 'a condition about a step that is not there',
    text: one(`spec:
  entrypoint: main
  templates:
  - name: main
    steps:
    - - { name: a, template: leaf, when: "{{steps.b.outputs.result}} == 1" }
${leaf}`),
    says: [':9:', 'templates.main.steps failed to resolve {{steps.b.outputs.result}}'],
  },
  {
    what: 'a field that the engine does not honour yet',
    text: one(`spec:
  entrypoint: leaf
  templates:
  - name: leaf
    resourceClaims: [{ name: gpu }]
    container: { image: busybox, command: [ls] }`),
    says: [':8:5: resourceClaims is not supported: this machine has no driver'],
  },
  { what: 'an empty file', text: '', says: ['argosy: there is no Workflow in '] },
  {
    what: 'a file of comments',
    text: '# later\n---\n',
    says: ['argosy: there is no Workflow in '],
  },
  {
    what: 'a kind that a run has no use for',
    text: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: x }\n',
    says: [':2:1: `argosy run` does not take Deployment (apps/v1): it takes Workflow, '],
  },
  {
    what: 'bytes that are no text',
    text: '\u0000\u0001\ufffd',
    says: [':1:1: ', 'a control character (0x00): this is no text'],
  },
  {
    what: 'a number beyond 64 bits',
    text: one(`spec:
  entrypoint: leaf
  parallelism: 99999999999999999999
  templates:
${leaf}`),
    says: [':6:3: ', 'is out of range for a 64-bit integer'],
  },
  {
    what: 'a name of a thousand characters, told in a line that can be read',
    text: `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: ${'x'.repeat(1000)} }
spec:
  entrypoint: leaf
  templates:
${leaf}\n`,
    says: [':3:13: workflow name "xxx', `\n3 | metadata: { name: ${'x'.repeat(380)}`],
  },
  {
    what: 'twenty thousand levels',
    text: one(`spec: { entrypoint: ${'['.repeat(20_000)}`),
    says: ['the document is nested too deeply to read', 'expected: fewer levels of nesting'],
  },
  {
    what: 'aliases that grow without end',
    text: `a0: &a0 [x]\n${Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`).join('\n')}\n`,
    says: ['the document repeats aliases excessively', 'expected: fewer nested aliases'],
  },
]
