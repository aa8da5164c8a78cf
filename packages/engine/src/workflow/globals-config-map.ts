import type { World } from './world.ts'

const typeLabel = 'workflows.argoproj.io/configmap-type'

/** One value of a ConfigMap that is marked as holding parameters. */
export function configMapValue(
  world: World,
  place: { readonly namespace: string; readonly name: string; readonly key: string },
): { readonly value: string } | { readonly problem: string; readonly notFound: boolean } {
  const { namespace, name, key } = place
  const map = world.configMap(name, namespace)
  if (map === undefined) {
    const hint = `Please make sure it has the label ${typeLabel}: Parameter to be detectable by the controller`
    return { problem: `ConfigMap '${name}' does not exist. ${hint}`, notFound: true }
  }
  if (map.labels?.[typeLabel] !== 'Parameter') {
    const problem = `ConfigMap '${name}' needs to have the label ${typeLabel}: Parameter to load parameters`
    return { problem, notFound: false }
  }
  const value = map.data?.[key]
  return value === undefined
    ? { problem: `ConfigMap '${name}' does not have the key '${key}'`, notFound: true }
    : { value }
}
