import type { KubeObject, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { Store } from '../../store/store.ts'
import { forbidden } from '../refusals.ts'

interface PriorityClass extends KubeObject {
  readonly value?: number
  readonly globalDefault?: boolean
  readonly preemptionPolicy?: string
}

interface PrioritySpec {
  readonly priorityClassName?: string
  readonly priority?: number
  readonly preemptionPolicy?: string
}

const collection = 'priorityclasses.scheduling.k8s.io'

/** Writes down what the pod's class is worth; throws `Forbidden` when there is no such class. Nobody is driven out for it. */
export function withPriority(store: Pick<Store, 'newest' | 'list'>, pod: KubeObject): KubeObject {
  const spec = (pod as unknown as Pod).spec as unknown as PrioritySpec
  const { priorityClassName = '', priority, preemptionPolicy } = spec
  const found = priorityClassName === '' ? defaultIn(store) : classIn(store, priorityClassName)
  const refuse = (why: string) =>
    forbidden(resources.pods, pod.metadata.name ?? pod.metadata.generateName ?? '', why)
  if (!found) {
    if (priorityClassName !== '')
      throw refuse(`no PriorityClass with name ${priorityClassName} was found`)
    if (priority) throw refuse(givenWords(priority, 0))
    return pod
  }
  const { value = 0, metadata } = found
  if (priority !== undefined && priority !== value) throw refuse(givenWords(priority, value))
  const policy = preemptionPolicy ?? found.preemptionPolicy ?? 'PreemptLowerPriority'
  const own = { priorityClassName: metadata.name, priority: value, preemptionPolicy: policy }
  return { ...pod, spec: { ...spec, ...own } } as unknown as KubeObject
}

function classIn(store: Pick<Store, 'newest'>, name: string): PriorityClass | undefined {
  return store.newest({ collection, namespace: '', name })?.value as PriorityClass | undefined
}

/** Of several, the least. */
function defaultIn(store: Pick<Store, 'list'>): PriorityClass | undefined {
  const classes = store.list(collection).map(({ value }) => value as PriorityClass)
  const defaults = classes.filter(({ globalDefault }) => globalDefault === true)
  return defaults.sort((a, b) => (a.value ?? 0) - (b.value ?? 0))[0]
}

// As kubectl prints it.
function givenWords(given: number, computed: number): string {
  return `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`
}
