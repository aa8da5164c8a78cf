import type { JsonObject } from '@argosy/engine'

/** One call of a resource template against a ConfigMap `there` (data a: 1, b: 2) and a Pod `p`. */
export interface ResourceCase {
  readonly name: string
  readonly resource: JsonObject
  readonly outputs?: Readonly<Record<string, string>>
  /** The values of the output parameters. */
  readonly values?: Readonly<Record<string, string>>
  /** The ConfigMap's data afterwards; null: it is gone. */
  readonly data?: JsonObject | null
  readonly error?: string
}

const there = (data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: there}\ndata: ${data}\n`
const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata: {x: "1"}\n'

export const resourceCases: readonly ResourceCase[] = [
  {
    name: 'get reads by manifest',
    resource: { action: 'get', manifest: there('{}') },
    outputs: { a: '{.data.a}', all: 'jq:.data', none: '{.data.z}' },
    values: { a: '1', all: '{"a":"1","b":"2"}', none: '' },
  },
  {
    name: 'get reads by type and name',
    resource: { action: 'get', flags: ['cm', 'there'] },
    outputs: { n: '{.metadata.name}' },
    values: { n: 'there' },
  },
  {
    name: 'get takes type/name',
    resource: { action: 'get', flags: ['configmaps/there'] },
    outputs: { n: '{.kind}' },
    values: { n: 'ConfigMap' },
  },
  {
    name: 'get of what is not there',
    resource: { action: 'get', flags: ['cm', 'nobody'] },
    error: 'no more retries Error from server (NotFound): configmaps "nobody" not found',
  },
  {
    name: 'get of what is not there, and that is fine: outputs have their defaults',
    resource: { action: 'get', flags: ['cm', 'nobody', '--ignore-not-found'] },
    outputs: { a: '{.data.a}' },
    values: { a: '' },
  },
  {
    name: 'get of a type that nobody knows',
    resource: { action: 'get', flags: ['widgets', 'x'] },
    error: `no more retries error: the server doesn't have a resource type "widgets"`,
  },
  {
    name: 'create makes an object',
    resource: { action: 'create', manifest: other },
    outputs: { x: '{.data.x} {.metadata.namespace}' },
    values: { x: '1 default' },
  },
  {
    name: 'create of what is there',
    resource: { action: 'create', manifest: there('{}') },
    error:
      'no more retries Error from server (AlreadyExists): error when creating "/tmp/manifest.yaml": configmaps "there" already exists',
  },
  {
    name: 'create gives the workflow as owner',
    resource: { action: 'create', manifest: other, setOwnerReference: true },
    outputs: { o: '{.metadata.ownerReferences[*].kind}' },
    values: { o: 'Workflow' },
  },
  {
    name: 'create of a kind that no definition describes',
    resource: { action: 'create', manifest: 'apiVersion: a.b/v1\nkind: C\nmetadata: {name: d}' },
    error:
      'no more retries error: resource mapping not found for name: "d" namespace: "" from "/tmp/manifest.yaml": no matches for kind "C" in version "a.b/v1"\nensure CRDs are installed first',
  },
  {
    name: 'create of several documents is refused before anything is made',
    resource: { action: 'create', manifest: `${other}---\n${other}` },
    error: 'no more retries /tmp/manifest.yaml holds 2 documents: a resource template takes one',
  },
  {
    name: 'apply creates',
    resource: { action: 'apply', manifest: other },
    outputs: { x: '{.data.x}' },
    values: { x: '1' },
  },
  {
    name: 'apply merges what it asks for',
    resource: { action: 'apply', manifest: there('{b: "3", c: "4"}') },
    data: { a: '1', b: '3', c: '4' },
  },
  {
    name: 'replace replaces',
    resource: { action: 'replace', manifest: there('{c: "4"}') },
    data: { c: '4' },
  },
  {
    name: 'replace of what is not there',
    resource: { action: 'replace', manifest: other },
    error:
      'no more retries Error from server (NotFound): error when replacing "/tmp/manifest.yaml": configmaps "other" not found',
  },
  {
    name: 'patch is strategic unless told',
    resource: { action: 'patch', manifest: there('{a: null, c: "4"}') },
    data: { b: '2', c: '4' },
  },
  {
    name: 'patch by merge, with flags that say what',
    resource: {
      action: 'patch',
      mergeStrategy: 'merge',
      flags: ['cm', 'there'],
      manifest: 'data: {a: null}',
    },
    data: { b: '2' },
  },
  {
    name: 'patch by JSON Patch',
    resource: {
      action: 'patch',
      mergeStrategy: 'json',
      flags: ['configmap', 'there'],
      manifest: '- {op: replace, path: /data/a, value: "9"}',
    },
    data: { a: '9', b: '2' },
  },
  {
    name: 'patch of a custom resource cannot be strategic',
    resource: { action: 'patch', flags: ['workflow', 'w'], manifest: 'metadata: {labels: {a: b}}' },
    error:
      'no more retries Error from server (UnsupportedMediaType): the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  },
  {
    name: 'delete removes',
    resource: { action: 'delete', flags: ['cm', 'there'] },
    data: null,
  },
  {
    name: 'delete removes by selector',
    resource: { action: 'delete', flags: ['configmap', '--selector', 'app=x'] },
    data: null,
  },
  {
    name: 'delete leaves what the selector does not mean',
    resource: { action: 'delete', flags: ['configmap', '-l', 'app=y'] },
    data: { a: '1', b: '2' },
  },
  {
    name: 'delete of what is not there is fine',
    resource: { action: 'delete', manifest: other },
  },
  {
    name: 'delete takes no outputs',
    resource: { action: 'delete', flags: ['cm', 'there'] },
    outputs: { a: '{.data}' },
    error: 'successCondition, failureCondition and outputs are not supported for delete action',
  },
  {
    name: 'a success condition that holds',
    resource: {
      action: 'get',
      flags: ['cm', 'there'],
      successCondition: 'data.a == 1, data.b > 1',
    },
  },
  {
    name: 'a failure condition outranks it',
    resource: {
      action: 'get',
      flags: ['cm', 'there'],
      successCondition: 'data.a == 1',
      failureCondition: 'data.z == 1,data.b in (2, 3)',
    },
    error: `failure condition '{data.b in [2 3]}' evaluated true`,
  },
  {
    name: 'a condition that cannot be read',
    resource: { action: 'get', flags: ['cm', 'there'], successCondition: 'a b c' },
    error:
      "success condition 'a b c' failed to parse: unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt (in \"a b c\")",
  },
  {
    name: 'a flag that kubectl does not have',
    resource: { action: 'get', flags: ['cm', 'there', '--frobnicate'] },
    error: 'no more retries unknown flag: --frobnicate',
  },
  {
    name: 'neither flags nor a manifest',
    resource: { action: 'get' },
    error: 'Must provide at least one of flags or manifest.',
  },
  {
    name: 'a JSONPath that goes wrong',
    resource: { action: 'get', flags: ['cm', 'there'] },
    outputs: { a: '{.data[0]}' },
    error:
      'error: error executing jsonpath "{.data[0]}": map[string]interface {} is not array or slice',
  },
]
